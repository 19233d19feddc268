"""A network learns (lesson 09): the line between two classes, and the loss so far."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_utils.datasets import moons
from course_utils.explorers.explorer import Explorer, choice, slider
from course_utils.initialisation import mlp
from course_utils.nodes import Affine, ReLU, SigmoidWithLoss
from course_utils.pictures import theme
from course_utils.pictures.axes import TICK, Axes
from course_utils.pictures.boundary import Panel
from course_utils.pictures.picture import label, line, svg
from course_utils.pictures.text import short
from course_utils.training import SGD, DivergedError, Network, fit

LAST, STEP = 300, 5  # iterations, and how many lie between two pictures
RATES = (0.03, 0.3, 1, 10)
HIDDEN = (1, 2, 8, 32)
SEED = 1
PLANE = 10, 44, 530, 310  # px: left, top, width, height
LOSSES = Axes(
    624, 44, 356, 286, (0, LAST), (np.log10(0.03), np.log10(20)), x_ticks=(0, 100, 200, 300),
    x_name="iteration",
)  # fmt: skip
MARKS = (0.03, 0.1, 0.3, 1, 3, 10)  # on the axis of the loss, which is logarithmic
WINDOW = 10  # iterations that the caption looks back at
RISE = 0.001  # a loss that grows by a smaller share stands still
NO_ANSWER = (
    "Too long steps: every hidden neuron is now 0 for each point, "
    "and none gets a gradient any more."
)
SILENCED = (
    "Too long steps silenced {} of {} hidden neurons: "
    "they are 0 for each point and get no gradient."
)
BENDS = {
    1: "With one hidden neuron the line is straight, whatever the training",
    2: "With two hidden neurons the line has at most three straight pieces",
    8: "Each of the eight hidden neurons can bend the line",
    32: "Each of the 32 hidden neurons can bend the line",
}


@dataclass(frozen=True)
class Training:
    """What happened while a network learned.

    Attributes:
        losses: before each update, so that ``losses[k]`` is that of iteration k; they end where
            the loss is no longer a finite number.
        params: at each STEP-th iteration, copies of the parameters.
    """

    losses: list
    params: list


def picture(iteration=LAST, rate=1, hidden=8):
    """Return the regions of a 2-hidden-1 network at an iteration, beside its loss up to there.

    Raises:
        ValueError: the iteration is none of 0, 5, ..., 300, or the rate or the hidden neurons
            none of RATES and HIDDEN.
    """
    _check(iteration, rate, hidden)
    training = train(rate, hidden)
    shown = min(iteration, STEP * (len(training.params) - 1))
    title = f"2-{hidden}-1, rate {short(rate)}: iteration {shown}"
    panel = _panel(title, training.params[shown // STEP])
    parts = [*panel.parts(), *_loss_so_far(training, iteration)]
    words = f"{_said(training, iteration, panel)} {_verdict(training, iteration, panel, rate)}"
    return svg(1000, 400, parts, _in_words(training, shown, panel)).with_caption(words)


def explore():
    """Return the explorer: the learning rate, the hidden neurons and the iteration."""
    controls = {
        "rate": choice("learning rate", RATES, 1),
        "hidden": choice("hidden neurons", HIDDEN, 8),
        "iteration": slider("iteration", LAST, 0, LAST, STEP),
    }
    return Explorer(picture, controls)


@cache
def train(rate, hidden):
    """Return the Training of a 2-hidden-1 network on the moons, all examples at each step."""
    X, labels = moons()
    network = Network(mlp((2, hidden, 1), seed=SEED), SigmoidWithLoss())
    params = [_copy(network)]
    try:
        history = fit(
            network, X, labels[:, None], SGD(rate), LAST + 1,
            each_epoch=lambda: params.append(_copy(network)), progress=False,
        )  # fmt: skip
    except DivergedError as error:
        history = error.history
    return Training(history.losses, params[: len(history.losses)][::STEP])


def _copy(network):
    return {name: parameter.copy() for name, parameter in network.params.items()}


def _check(iteration, rate, hidden):
    if iteration not in range(0, LAST + 1, STEP):
        raise ValueError(
            f"boundary.picture: expected an iteration of 0, {STEP}, ..., {LAST}, got {iteration!r}"
        )
    for name, value, options in (("rate", rate, RATES), ("hidden", hidden, HIDDEN)):
        if value not in options:
            expected = ", ".join(map(str, options))
            raise ValueError(f"boundary.picture: expected a {name} of {expected}, got {value!r}")


def _panel(title, params):
    layers = [Affine(params["W1"], params["b1"]), ReLU(), Affine(params["W2"], params["b2"])]
    network = Network(layers, SigmoidWithLoss())
    return Panel(title, network, *moons(), PLANE)


def _loss_so_far(training, iteration):
    """The loss over the iterations, with a dot at the last, and its number above."""
    losses = training.losses[: iteration + 1]
    heights, middle = np.log10(losses), LOSSES.left + LOSSES.width / 2
    now = _digits(losses[-1]) if iteration < len(training.losses) else "not finite"
    return [
        *LOSSES.frame(),
        *(part for loss in MARKS for part in _mark(loss)),
        LOSSES.curve(range(len(losses)), heights, theme.FORWARD),
        LOSSES.point(len(losses) - 1, heights[-1]),
        label(middle, 22, f"loss {now}", font_weight="bold"),
    ]


def _mark(loss):
    """A number on the axis of the loss."""
    x, y = LOSSES.at(0, np.log10(loss))
    yield line([(x - TICK, y), (x, y)], theme.INK, stroke_width=1.5)
    yield label(x - 10, y, short(loss), anchor="end", font_size=theme.SMALL_SIZE)


def _in_words(training, shown, panel):
    losses = training.losses[: shown + 1]
    return (
        f"Left: {panel.key()} {panel.words()} Right: the loss over the iterations, from "
        f"{_digits(losses[0])} to {_digits(losses[-1])}, at most {_digits(max(losses))}."
    )


def _said(training, iteration, panel):
    if iteration >= len(training.losses):
        return f"Iteration {iteration}: the loss is no longer a finite number."
    loss = _digits(training.losses[iteration])
    rim = "" if panel.right.all() else " (a dark rim marks the others)"
    return f"Iteration {iteration}: loss {loss}, {panel.count} points right{rim}."


def _verdict(training, iteration, panel, rate):
    """Say in one sentence what there is to see."""
    if iteration >= len(training.losses):
        return "The steps are far too long; the picture shows the last numbers that can be drawn."
    if iteration == 0:
        return "The weights are random: nothing has been learned yet."
    latest = np.array(training.losses[max(0, iteration - WINDOW) : iteration + 1])
    silent, hidden = _silent(panel)
    if silent == hidden:
        return NO_ANSWER
    ups, steps = np.count_nonzero(np.diff(latest) > RISE * latest[:-1]), len(latest) - 1
    if ups:
        return f"The steps are too long: {ups} of the last {steps} made the loss larger."
    if silent:
        return SILENCED.format(silent, hidden)
    fall = f"the last {steps} steps made the loss {_digits(100 - 100 * latest[-1] / latest[0], 2)}"
    return f"{_reason(rate, hidden)}; {fall} % smaller."


def _silent(panel):
    """Return (hidden neurons that are 0 for every point, all hidden neurons)."""
    affine, relu, _ = panel.network.layers
    answers = relu.forward(affine.forward(panel.X)) > 0
    return np.count_nonzero(~answers.any(axis=0)), answers.shape[1]


def _reason(rate, hidden):
    return "The steps are short" if rate == min(RATES) else BENDS[hidden]


def _digits(value, digits=3):
    """Return a number in so many significant digits: those that any processor agrees on."""
    return short(float(f"{value:.{digits}g}"))
