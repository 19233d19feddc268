"""Explorers: one module each, with a plain function from state to picture and sliders around it.

``module.picture(...)`` draws one state and needs no widgets; ``module.explore()`` returns an
``Explorer``, which shows itself in a notebook.
"""
