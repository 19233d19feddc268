"""Depth (lesson 11): what arrives at each layer of a fresh network, forward and backward."""

from functools import cache
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np

from course_utils.datasets import load_digits
from course_utils.explorers.explorer import DESCRIPTION, WIDE, Explorer, choice, slider
from course_utils.initialisation import mlp
from course_utils.nodes import ReLU, Sigmoid, SoftmaxWithLoss
from course_utils.pictures import theme
from course_utils.pictures.norms import LayerAxes, Style, two_digits
from course_utils.pictures.picture import label, svg
from course_utils.pictures.text import short
from course_utils.training import Network

ACTIVATIONS = {"sigmoid": Sigmoid, "ReLU": ReLU}
SHALLOWEST, DEEPEST = 2, 10
LEAST, MOST = 0.03, 10.0  # of the scale
POWERS = -1.5, 1.0, 0.05  # of ten, that the slider goes through: least, most, step
START = 0.056234133  # the slider's 10^−1.25, N(0, 0.01²) for 32 inputs
PIXELS, WIDTH, CLASSES, EXAMPLES = 784, 32, 10, 64
FLAT = 0.01  # a smaller slope of a sigmoid is said to be saturated
ALIKE = 1e-12  # of the values: a smaller spread is lost in the rounding of the sums
FAR = 100  # 1/FAR of the last norm vanishes, more than FAR explodes

TOP, HIGH = 62, 262  # px
ROW = TOP + HIGH + 20, TOP + HIGH + 48, TOP + HIGH + 80  # px: heights of what stands below
RANGE = {"least": -20, "most": 8, "has_zero": True}
NORMS = LayerAxes(84, TOP, 396, HIGH, DEEPEST, **RANGE)
SPREADS = LayerAxes(612, TOP, 376, HIGH, DEEPEST - 1, **RANGE)
BACKWARD = Style(theme.GRADIENT_TEXT, theme.DASH, "circle")
FORWARD = Style(theme.FORWARD, None, "square")
LOST = {  # of an activation: the row's name and what it counts
    "sigmoid": ("saturated", f"saturated: slope below {FLAT}, in % of all values"),
    "ReLU": ("dead", f"dead: neurons that are 0 for all {EXAMPLES} digits, of {WIDTH}"),
}


class State(NamedTuple):
    """What one forward and one backward pass leave behind, layer by layer.

    Attributes:
        norms: of ∂L/∂W of each affine layer.
        spreads: of each hidden layer, how far a neuron's values for the digits lie apart.
        lost: of each hidden layer, the dead neurons, or the % of values where σ is saturated.
    """

    norms: list
    spreads: list
    lost: list


def picture(depth=5, activation="sigmoid", scale=START):
    """Return the norm of each layer's ∂L/∂W, beside the spread of each hidden layer's values.

    Args:
        depth: the number of affine layers, 784-32-...-32-10.
        activation: one of ACTIVATIONS, between them.
        scale: the standard deviation of W as a multiple of 1/√(number of inputs).

    Raises:
        ValueError: one of the three is not what the controls offer.
    """
    _check(depth, activation, scale)
    state = compute(depth, activation, scale)
    parts = [
        *_still(activation),
        *_said_above(NORMS, state.norms, theme.GRADIENT_TEXT),
        *NORMS.curve(state.norms, BACKWARD),
        *_said_above(SPREADS, state.spreads, theme.FORWARD),
        *SPREADS.curve(state.spreads, FORWARD),
        *_counts(state.lost),
    ]
    words = [_network(depth, activation, scale), _got(state.norms), _verdict(state.norms)]
    caption = " ".join(words) + _alike(state.spreads)
    return svg(1000, 420, parts, _in_words(activation, state)).with_caption(caption)


def explore():
    """Return the explorer: the depth, the activation and the scale of the weights."""
    least, most, step = POWERS
    scale = widgets.FloatLogSlider(
        value=START, base=10, min=least, max=most, step=step, readout_format=".3g",
        description="s · √inputs", style=DESCRIPTION, layout=WIDE,
    )  # fmt: skip
    controls = {
        "depth": slider("affine layers", 5, SHALLOWEST, DEEPEST),
        "activation": choice("activation", ACTIVATIONS, "sigmoid"),
        "scale": scale,
    }
    hint = widgets.Label("W from N(0, s²). He: 1.41. N(0, 0.01²) with 32 inputs: 0.057.")
    depth, activation, scale = controls.values()
    return Explorer(picture, controls, [[depth], [activation], [scale, hint]])


def compute(depth, activation, scale):
    """Return the State of a fresh network after one batch of digits, the same at every call."""
    X, labels = _digits()
    network = Network(_layers(depth, activation, scale), SoftmaxWithLoss())
    network.forward(X, labels)
    network.backward_params()
    norms = [float(np.linalg.norm(network.grads[f"W{k}"])) for k in range(1, depth + 1)]
    hidden = [affine.X for affine in network.layers[2::2]]
    return State(norms, list(map(_spread, hidden)), [_lost(activation, Y) for Y in hidden])


@cache
def _digits():
    train, _ = load_digits()
    return train.images[:EXAMPLES].reshape(EXAMPLES, PIXELS) / 255, train.labels[:EXAMPLES]


def _layers(depth, activation, scale):
    def weights(shape, rng):
        return rng.normal(0, scale / np.sqrt(shape[0]), shape)

    sizes = (PIXELS, *(depth - 1) * [WIDTH], CLASSES)
    return mlp(sizes, seed=0, activation=ACTIVATIONS[activation], weights=weights)


def _spread(Y):
    """The mean over the neurons of the standard deviation over the digits; 0 if they are alike."""
    spread = float(np.mean(np.std(Y, axis=0)))
    return spread if spread > ALIKE * np.max(Y) else 0.0


def _lost(activation, Y):
    """The number of dead neurons for ReLU, the % of saturated values for the sigmoid."""
    if activation == "ReLU":
        return int((Y == 0).all(axis=0).sum())
    return round(100 * float(np.mean(Y * (1 - Y) < FLAT)))


def _check(depth, activation, scale):
    is_whole = isinstance(depth, (int, np.integer))
    if not is_whole or not SHALLOWEST <= depth <= DEEPEST:
        raise ValueError(
            f"depth.picture: expected {SHALLOWEST} to {DEEPEST} affine layers, got {depth!r}"
        )
    if activation not in ACTIVATIONS:
        expected = " or ".join(ACTIVATIONS)
        raise ValueError(f"depth.picture: expected {expected}, got {activation!r}")
    if not LEAST <= scale <= MOST:
        raise ValueError(f"depth.picture: expected a scale from {LEAST} to {MOST:g}, got {scale!r}")


@cache
def _still(activation):
    """What stands still: both axes, their titles, and the names of the rows."""
    name, meaning = LOST[activation]
    middle, bold = ROW[0], {"font_weight": "bold"}
    return [
        *NORMS.frame(),
        *SPREADS.frame(),
        _title(NORMS, "norm of ∂L/∂W", theme.GRADIENT_TEXT),
        _title(SPREADS, "spread of hidden values", theme.FORWARD),
        *(_row_name(axes, middle, "layer") for axes in (NORMS, SPREADS)),
        _row_name(SPREADS, ROW[1], name, **bold),
        label(988, ROW[2], meaning, anchor="end", font_size=theme.SMALL_SIZE),
    ]


def _title(axes, text, fill):
    return label(axes.left - 60, 13, text, fill, anchor="start", font_weight="bold")


def _row_name(axes, height, text, **attributes):
    return label(
        axes.left - 23, height, text, anchor="end", font_size=theme.SMALL_SIZE, **attributes
    )


def _said_above(axes, values, fill):
    """The first and the last value, in a place that does not depend on them."""
    return [
        label(axes.left - 60, 38, _ends(values), fill, anchor="start", font_size=theme.SMALL_SIZE)
    ]


def _ends(values):
    first, last = two_digits(values[0]), two_digits(values[-1])
    return f"layer 1: {first}" + (f", layer {len(values)}: {last}" if len(values) > 1 else "")


def _counts(lost):
    places = (SPREADS.at(layer, 1)[0] for layer in range(1, len(lost) + 1))
    bold = {"font_size": theme.SMALL_SIZE, "font_weight": "bold"}
    return [label(x, ROW[1], str(n), **bold) for x, n in zip(places, lost, strict=True)]


def _in_words(activation, state):
    _, meaning = LOST[activation]
    norms = ", ".join(map(two_digits, state.norms))
    spreads = ", ".join(map(two_digits, state.spreads))
    lost = ", ".join(map(str, state.lost))
    hidden = ", 0 where rounding hides it" if 0 in state.spreads else ""
    return (
        f"Left: the norm of ∂L/∂W by layer, on a logarithmic axis, dashed. Norms: {norms}. "
        f"Right: the spread of each hidden layer's values over {EXAMPLES} digits. "
        f"Spreads: {spreads}{hidden}. Below, {meaning}: {lost}."
    )


def _network(depth, activation, scale):
    s = f"{short(scale)}/√inputs ({two_digits(scale / np.sqrt(WIDTH))} for {WIDTH})"
    return f"{depth} affine layers, {activation}, weights N(0, s²), s = {s}."


def _got(norms):
    """Say how much of the last layer's gradient the first one has."""
    ratio = norms[0] / norms[-1]
    part = f"1/{two_digits(1 / ratio)} of" if ratio < 0.1 else f"{two_digits(ratio)} times"
    return f"The first layer gets {part} what the last one gets:"


def _verdict(norms):
    if norms[0] * FAR < norms[-1]:
        return "the gradient vanishes."
    if max(norms) * FAR < 1:
        return "every gradient is next to nothing, since the values fade on their way forward."
    if min(norms) > FAR:
        return "every gradient explodes, since the values grow on their way forward."
    return "the gradient arrives."


def _alike(spreads):
    """Say from which hidden layer on the digits can no longer be told apart."""
    if 0 not in spreads:
        return ""
    return f" From hidden layer {spreads.index(0) + 1} on all images look alike."
