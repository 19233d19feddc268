"""Explorers: a plain function from state to picture, and sliders around it.

``module.picture(...)`` draws one state and needs no widgets; ``module.explore()`` returns an
``Explorer``, which shows itself in a notebook. Three modules have neither: ``explorer``, which
wires the others; ``products``, what ``affine_board`` computes; and ``stopwatch``, which shows the
times of this computer.
"""
