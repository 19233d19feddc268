"""Lesson 09: the loop of learning, momentum, and a two-layer network's gradients."""

from copy import deepcopy

import numpy as np

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.loop_answers import (
    backward_once,
    forward_once,
    in_order,
    loss_afterwards,
    loss_handed_back,
    no_update,
    one_behind,
    run_learn,
    update_after_the_loop,
    uphill,
)
from course_utils.exercises.question import Question
from course_utils.training import SGD

first_guess = Question(
    text="The weights are random numbers, and nothing has been learned yet. Of 100 points, half of "
    "them in each class, how many does the network get right?",
    options=("exactly 50", "at least 50", "any number, also fewer than 50"),
    answer="any number, also fewer than 50",
    why="A network that knows nothing answers anyway, region by region, as its random weights "
    "happen to fall. Fewer than 50 is possible.",
)

same_losses = Question(
    text="The loop in plain NumPy and the loop with nodes start from the same weights and see the "
    "same data. How far apart are their losses after 300 iterations?",
    options=(
        "they agree to many digits",
        "they agree to two or three digits",
        "only their trend is the same",
    ),
    answer="they agree to many digits",
    why="Each node computes what one line of the plain loop computes. Only rounding may differ.",
)

all_zero = Question(
    text="All weights and biases start at 0 instead of random numbers, and one point is left out, "
    "so that there are 49 of one class and 50 of the other. Which of W₁, b₁, W₂, b₂ does the "
    "training ever change?",
    options=("all four", "W₂ and b₂", "b₂ alone"),
    answer="b₂ alone",
    why="With W₁ = 0 and b₁ = 0 every h is 0, so ∂L/∂W₂ = hᵀ·dz is 0. With W₂ = 0 nothing comes "
    "back to the first layer either. With 50 and 50 even b₂ would stay.",
)

how_many_updates = Question(
    text="100 examples, mini-batches of 20, 60 epochs. How often are the parameters updated?",
    options=("60 times", "300 times", "6,000 times"),
    answer="300 times",
    why="An epoch has 100/20 = 5 iterations, each with one update: 60 · 5 = 300.",
)

what_it_proves = Question(
    text="Our losses agree with the printed ones to 12 digits. Does that prove that the gradients "
    "of the printed run are right?",
    options=("yes", "no"),
    answer="no",
    why="If the printed run contains a mistake, we have reproduced the mistake.",
)


learn = Exercise(
    title="Exercise 9.1",
    answer=in_order,
    cases=((1, 0.05, 4), (2, 0.01, 7)),
    run=run_learn,
    results=("list of losses", "W1 at the end"),
    mistakes={
        "The parameters of this network never change: the update is missing, or it changes "
        "something else, such as a copy of them or the layers of an earlier cell.": no_update,
        "Each loss in the list is that of the next iteration: take it before the update, from the "
        "forward pass that backward belongs to.": loss_afterwards,
        "The forward pass runs once, before the loop. After an update everything it computed is "
        "out of date.": forward_once,
        "backward runs once only: each update needs the gradients of its own iteration.": (
            backward_once
        ),
        "The update uses the gradients of the iteration before: call backward before update.": (
            one_behind
        ),
        "This stops after the first iteration: is return inside the loop?": (
            lambda network, optimizer, X, t, iterations: in_order(network, optimizer, X, t, 1)
        ),
        "This is one iteration too many.": lambda network, optimizer, X, t, iterations: in_order(
            network, optimizer, X, t, iterations + 1
        ),
        "The list holds the last loss many times: append in each iteration.": (
            lambda network, optimizer, X, t, iterations: (
                [in_order(network, optimizer, X, t, iterations)[-1]] * iterations
            )
        ),
        "This is the last loss alone: append each one, and return the list.": (
            lambda network, optimizer, X, t, iterations: in_order(
                network, optimizer, X, t, iterations
            )[-1]
        ),
        "The list begins anew in each iteration, so only the last loss is in it: make it before "
        "the loop.": lambda network, optimizer, X, t, iterations: in_order(
            network, optimizer, X, t, iterations
        )[-1:],
        "This stops in the first iteration, before the update: is return inside the loop?": (
            lambda network, optimizer, X, t, iterations: [network.forward(X, t)]
        ),
        "The update comes after the loop, once: each iteration needs its own.": (
            update_after_the_loop
        ),
        "backward is handed the loss as its upstream gradient: call it without an argument.": (
            loss_handed_back
        ),
        "The loss rises: the parameters go along the gradient, not against it.": uphill,
        "This uses a rate of 1, as an earlier cell does: the optimizer that is given has its "
        "own.": lambda network, optimizer, X, t, iterations: in_order(
            network, SGD(1.0), X, t, iterations
        ),
        "The losses are right, but the network that is given learns nothing: a copy was trained.": (
            lambda network, optimizer, X, t, iterations: in_order(
                deepcopy(network), optimizer, X, t, iterations
            )
        ),
    },
    praise="Forward, backward, update: that order, each time. The rest is which data, how often, "
    "and how far.",
)

W0, V0, G0 = np.array([1.0, -2.0]), np.array([0.3, 0.1]), np.array([0.5, -4.0])


momentum = Exercise(
    title="Exercise 9.2",
    answer=lambda w, v, gradient, rate, mu: (
        w + mu * v - rate * gradient,
        mu * v - rate * gradient,
    ),
    cases=(
        (W0, V0, G0, 0.1, 0.9),
        (W0[::-1].copy(), V0 - 1, G0 + 1, 0.023, 0.5),
        (W0, V0, G0, 1, 0),
    ),
    results=("new w", "new v"),
    mistakes={
        "The step goes uphill: the gradient says where the loss rises, so it is subtracted.": (
            lambda w, v, g, rate, mu: (w + mu * v + rate * g, mu * v + rate * g)
        ),
        "v is right, but w moves by the old v. First the new v, then w + v with it.": (
            lambda w, v, g, rate, mu: (w + v, mu * v - rate * g)
        ),
        "v is right, but w moves against it: v already holds the minus sign.": (
            lambda w, v, g, rate, mu: (w - mu * v + rate * g, mu * v - rate * g)
        ),
        "v is right, but w forgets the momentum: it should move by all of v.": (
            lambda w, v, g, rate, mu: (w - rate * g, mu * v - rate * g)
        ),
        "w is right, but v is left as it was: return the new one, the next step needs it.": (
            lambda w, v, g, rate, mu: (w + mu * v - rate * g, v)
        ),
        "The momentum is missing: a part μ of the last step stays.": (
            lambda w, v, g, rate, mu: (w - rate * g, -rate * g)
        ),
        "All of the last step is kept: multiply it by μ.": (
            lambda w, v, g, rate, mu: (w + v - rate * g, v - rate * g)
        ),
        "The learning rate is missing.": lambda w, v, g, rate, mu: (w + mu * v - g, mu * v - g),
        "This is another convention: v gathers gradients, and the rate comes in when w moves. Here "
        "v is the step itself, with the rate in it.": lambda w, v, g, rate, mu: (
            w - rate * (mu * v + g),
            mu * v + g,
        ),
        "This is another convention, with 1 − μ on the gradient: here the gradient counts whole.": (
            lambda w, v, g, rate, mu: (
                w + mu * v - (1 - mu) * rate * g,
                mu * v - (1 - mu) * rate * g,
            )
        ),
        "The learning rate multiplies the old step as well: v has it already.": (
            lambda w, v, g, rate, mu: (w + rate * (mu * v - g), rate * (mu * v - g))
        ),
        "This is another convention: v points uphill and is subtracted. Here v is the step itself, "
        "and is added.": lambda w, v, g, rate, mu: (w - mu * v - rate * g, mu * v + rate * g),
        "This is another convention: v is an average of the gradients. Here v is the step itself, "
        "with the rate in it.": lambda w, v, g, rate, mu: (
            w - rate * (mu * v + (1 - mu) * g),
            mu * v + (1 - mu) * g,
        ),
        "v is right, but w goes one step further than v: that is Nesterov's momentum.": (
            lambda w, v, g, rate, mu: (w + mu * (mu * v - rate * g) - rate * g, mu * v - rate * g)
        ),
        "v is right, but w takes the gradient twice: the new v has it already.": (
            lambda w, v, g, rate, mu: (w + mu * v - 2 * rate * g, mu * v - rate * g)
        ),
        "v is right, but w has not moved.": lambda w, v, g, rate, mu: (w, mu * v - rate * g),
        "This is the new w alone: return w and v.": lambda w, v, g, rate, mu: w + mu * v - rate * g,
        "This is the new v alone: return w and v.": lambda w, v, g, rate, mu: mu * v - rate * g,
        "μ is 0.9 here, whatever is given: use mu.": lambda w, v, g, rate, mu: (
            w + 0.9 * v - rate * g,
            0.9 * v - rate * g,
        ),
        "The two results are swapped: first w, then v.": lambda w, v, g, rate, mu: (
            mu * v - rate * g,
            w + mu * v - rate * g,
        ),
    },
    praise="With μ = 0 it is plain gradient descent. With μ = 0.9 a constant gradient ends up ten "
    "times as fast: 1 + 0.9 + 0.81 + ... = 10.",
)


def _two_layers(change=lambda **parts: {}):
    """Make an answer to Exercise 9.3; ``change`` returns what is computed wrongly, by name."""

    def gradients(W1, b1, W2, b2, X, Y):
        a = X @ W1 + b1
        h = np.maximum(a, 0)
        y = h @ W2 + b2
        parts = {"a": a, "h": h, "y": y, "X": X, "Y": Y, "W2": W2, "N": len(X)}
        parts["dy"] = 2 / len(X) * (y - Y)
        for name, compute in STEPS:
            parts = parts | change(**parts)
            parts[name] = compute(**parts)
        parts = parts | change(**parts)
        return tuple(parts[name] for name in ("dW1", "db1", "dW2", "db2"))

    return gradients


STEPS = (
    ("dW2", lambda h, dy, **_: h.T @ dy),
    ("db2", lambda dy, **_: dy.sum(axis=0)),
    ("dh", lambda dy, W2, **_: dy @ W2.T),
    ("da", lambda dh, a, **_: dh * (a > 0)),
    ("dW1", lambda X, da, **_: X.T @ da),
    ("db1", lambda da, **_: da.sum(axis=0)),
)


def _with(**wrong):
    """Make a wrong answer: ``name=function of the parts`` instead of the right value."""

    def change(**parts):
        return {name: compute(**parts) for name, compute in wrong.items() if name in parts}

    return _two_layers(change)


def _problem(seed, D, H, M, N):
    """A small problem in round numbers, in which no sum before the ReLU is 0."""
    rng = np.random.default_rng(seed)
    shapes = ((D, H), (H,), (H, M), (M,), (N, D), (N, M))
    return tuple(rng.integers(-8, 9, shape) / 4 + 1 / 64 for shape in shapes)


two_layers = Exercise(
    title="Exercise 9.3",
    answer=_two_layers(),
    cases=(_problem(1, 2, 3, 1, 4), _problem(2, 3, 2, 2, 5), _problem(3, 1, 4, 1, 3)),
    results=("dW1", "db1", "dW2", "db2"),
    mistakes={
        "The 2 of the square is missing: the slope of (y − Y)² is 2(y − Y).": _with(
            dy=lambda y, Y, N, **_: (y - Y) / N
        ),
        "The loss is a mean over N examples, so its gradient is divided by N.": _with(
            dy=lambda y, Y, **_: 2 * (y - Y)
        ),
        "Both the 2 of the square and the division by N are missing.": _with(
            dy=lambda y, Y, **_: y - Y
        ),
        "Every sign is wrong: it is y − Y, prediction minus target.": _with(
            dy=lambda y, Y, N, **_: 2 / N * (Y - y)
        ),
        "The second layer is right. On the way to the first one the ReLU is left out: where a ≤ 0 "
        "nothing goes back.": _with(da=lambda dh, **_: dh),
        "The ReLU's switch is the wrong way round: it lets through where a > 0.": _with(
            da=lambda dh, a, **_: dh * (a <= 0)
        ),
        "The ReLU's slope is 1 or 0. These are multiplied by h instead.": _with(
            da=lambda dh, h, **_: dh * h
        ),
        "The ReLU's slope is 1 or 0. These are multiplied by a instead.": _with(
            da=lambda dh, a, **_: dh * a
        ),
        "The switch looks at the gradient that comes back. It was set on the way forward, by a.": (
            _with(da=lambda dh, **_: dh * (dh > 0))
        ),
        "dW2 needs what came into the second layer: h, after the ReLU, not a.": _with(
            dW2=lambda a, dy, **_: a.T @ dy
        ),
        "The biases' gradients are averaged. They are sums: the 1/N is in the loss already.": _with(
            db1=lambda da, **_: da.mean(axis=0), db2=lambda dy, **_: dy.mean(axis=0)
        ),
        "A division by N is in the weights' gradients again: it belongs to the loss alone.": _with(
            dW1=lambda X, da, N, **_: X.T @ da / N, dW2=lambda h, dy, N, **_: h.T @ dy / N
        ),
        "Everything is divided by N twice.": _with(dy=lambda y, Y, N, **_: 2 / N**2 * (y - Y)),
        "dW1 and db1 come without W2: the gradient has to go back through the second layer.": _with(
            dh=lambda dy, h, **_: dy * np.ones_like(h)
        ),
        "db1 is made of dh. It comes after the ReLU's switch, so it needs da.": _with(
            db1=lambda dh, **_: dh.sum(axis=0)
        ),
        "dW1 is made of dh. It comes after the ReLU's switch, so it needs da.": _with(
            dW1=lambda X, dh, **_: X.T @ dh
        ),
        "This divides by the number of all outputs. N is the number of examples.": _with(
            dy=lambda y, Y, **_: 2 / y.size * (y - Y)
        ),
        "N is 100 here, as in the published run: count the rows of X.": _with(
            dy=lambda y, Y, **_: 2 / 100 * (y - Y)
        ),
        "There is a ReLU at the end here, as in the published run. This network has none.": (
            _with(dy=lambda y, Y, N, **_: 2 / N * (y - Y) * (y > 0))
        ),
        "This is the gradient of the loss of yes or no, with a sigmoid. Here it is (y − Y)².": (
            _with(dy=lambda y, Y, N, **_: (1 / (1 + np.exp(-y)) - Y) / N)
        ),
        "Every sign is wrong, and the 2 of the square is missing.": _with(
            dy=lambda y, Y, N, **_: (Y - y) / N
        ),
        "db1 is averaged. It is a sum, as db2: the 1/N is in the loss already.": _with(
            db1=lambda da, **_: da.mean(axis=0)
        ),
    },
    praise="Two affine layers, one switch, one loss: lessons 05 to 07 in seven lines.",
)
