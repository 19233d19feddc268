"""Explorers: a plain function from state to picture, and sliders around it.

``module.picture(...)`` draws one state and needs no widgets; ``module.explore()`` returns an
``Explorer``, which shows itself in a notebook; those of ``draw_digit`` take a network as well. Four
modules have neither: ``explorer``, which wires the others; ``products``, what ``affine_board``
computes; ``sheet``, the canvas that digits are drawn on; and ``stopwatch``, which shows how long
something takes on this computer.
"""
