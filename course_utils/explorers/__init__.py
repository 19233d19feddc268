"""Explorers: a plain function from state to picture, and sliders around it.

``module.picture(...)`` draws one state and needs no widgets; ``module.explore()`` returns an
``Explorer``, which shows itself in a notebook; those of ``draw_digit`` take a network as well.
What has neither serves them: ``explorer`` wires all of them; ``names`` says aloud what their
controls are; ``products``, ``sliding`` and ``visits`` compute what ``affine_board``, ``window`` and
``order`` draw, and ``window_words`` says it; ``sheet`` is the canvas that digits are drawn on;
``stopwatch`` shows how long something takes on this computer.
"""
