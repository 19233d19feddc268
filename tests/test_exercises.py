"""Exercises: the solution passes, each known mistake is named, and nothing is given away."""

import importlib
import re

import numpy as np
import pytest
from lessons import PATHS, Lesson

from course_utils.exercises import Exercise, Question
from course_utils.exercises import question as question_module
from course_utils.exercises.exercise import Verdict, same
from course_utils.exercises.node_answers import CHANGES_WHAT_IT_KEPT, DEFAULT_IS_ONE, OVERWRITES
from course_utils.exercises.question import Prediction


def module_of(path):
    return importlib.import_module(f"course_utils.exercises.lesson_{path.name[:2]}")


def members(kind):
    for path in PATHS:
        for name, member in vars(module_of(path)).items():
            if isinstance(member, kind):
                yield pytest.param(member, id=f"{path.name[:2]}-{name}")


FUNCTIONS = [p for p in members(Exercise) if p.values[0].run is None]


def mistakes():
    for param in members(Exercise):
        (exercise,) = param.values
        for i, sentence in enumerate(exercise.mistakes):
            yield pytest.param(exercise, sentence, id=f"{param.id}-{i}")


def in_notebooks():
    for path in PATHS:
        lesson = Lesson(path)
        for stub, check, solution in lesson.exercises():
            name, attempt = re.fullmatch(r"check\.(\w+)\((\w+)\)", check).groups()
            sources = [f"{lesson.imports}\n{source}" for source in (stub, solution)]
            yield pytest.param(getattr(module_of(path), name), attempt, *sources, id=name)


def written(source, name):
    namespace = {}
    exec(source, namespace)
    return namespace[name]


@pytest.mark.parametrize(("exercise", "name", "stub", "solution"), list(in_notebooks()))
def test_the_solution_in_the_notebook_passes(exercise, name, stub, solution):
    verdict = exercise.verdict(written(solution, name))
    assert verdict.passed
    assert verdict.message.startswith("right.")


@pytest.mark.parametrize(("exercise", "name", "stub", "solution"), list(in_notebooks()))
def test_the_untouched_stub_is_not_attempted_yet(exercise, name, stub, solution):
    verdict = exercise.verdict(written(stub, name))
    assert not verdict.passed
    assert verdict.message.startswith("not attempted yet")


def test_every_exercise_stands_in_a_notebook():
    used = {id(param.values[0]) for param in in_notebooks()}
    assert {id(param.values[0]) for param in members(Exercise)} == used


def test_every_question_stands_in_a_notebook():
    for path in PATHS:
        questions = {n for n, m in vars(module_of(path)).items() if isinstance(m, Question)}
        code = "\n".join(cell.source for cell in Lesson(path).code)
        assert questions == set(re.findall(r"^predict\(check\.(\w+)\)", code, re.MULTILINE))


@pytest.mark.parametrize(("exercise", "sentence"), list(mistakes()))
def test_a_known_mistake_is_named(exercise, sentence):
    verdict = exercise.verdict(exercise.mistakes[sentence])
    assert verdict == Verdict(False, f"not yet. {sentence}")


@pytest.mark.parametrize("exercise", list(members(Exercise)))
def test_no_two_mistakes_give_the_same_results(exercise):
    seen = []
    for sentence, mistake in exercise.mistakes.items():
        try:
            results = [exercise._results(mistake, case) for case in exercise.cases]
        except Exception:
            continue  # it stops somewhere: test_a_known_mistake_is_named covers it
        twins = [other for other, others in seen if same(results, others)]
        assert not twins, f"{sentence!r} is never said, since this one is: {twins}"
        seen.append((sentence, results))


@pytest.mark.parametrize("exercise", list(members(Exercise)))
def test_the_numbers_of_one_case_do_not_pass(exercise):
    first = exercise._results(exercise.answer, exercise.cases[0])
    if exercise.run is None:
        attempt = lambda *case: first  # noqa: E731
        assert not exercise.verdict(attempt).passed
    assert len({str(exercise._results(exercise.answer, case)) for case in exercise.cases}) > 1


def numbers_in(values):
    """Every number of nested results or arguments, as a message may write it."""
    flat = np.concatenate([np.ravel(value).astype(float) for value in values])
    return {f"{number:.{digits}g}" for number in flat for digits in (4, 5, 6, 8)}


@pytest.mark.parametrize("exercise", FUNCTIONS)
@pytest.mark.parametrize("wrong", [12345.678, -0.1375])
def test_a_wrong_value_is_shown_and_the_right_one_is_not(exercise, wrong):
    def attempt(*case):
        return tuple(np.full(np.shape(r), wrong) for r in exercise._results(exercise.answer, case))

    verdict = exercise.verdict(attempt)
    assert not verdict.passed
    said = set(re.findall(r"-?\d+(?:\.\d+)?", verdict.message))
    assert said & numbers_in([wrong])
    for case in exercise.cases:
        results = exercise._results(exercise.answer, case)
        assert not (said - numbers_in(case)) & (numbers_in(results) - {"0", "1"})


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_an_exception_is_the_readers_own_with_its_line(exercise, tmp_path):
    answer = tmp_path / "answer.py"
    answer.write_text("def attempt(*case):\n    broken = 1\n    return broken / 0\n")
    namespace = {}
    exec(compile(answer.read_text(), str(answer), "exec"), namespace)
    message = exercise.verdict(namespace["attempt"]).message
    assert "ZeroDivisionError: division by zero, in line 3: return broken / 0" in message


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_a_rounded_answer_does_not_pass(exercise):
    def rounded(*case):
        return tuple(np.round(r, 2) for r in exercise._results(exercise.answer, case))

    assert not exercise.verdict(rounded).passed


def returns_several_numbers(exercise):
    results = exercise._results(exercise.answer, exercise.cases[0])
    return len(results) > 1 and all(np.ndim(result) == 0 for result in results)


@pytest.mark.parametrize("exercise", [p for p in FUNCTIONS if returns_several_numbers(*p.values)])
@pytest.mark.parametrize("kind", [np.array, list, iter])
def test_results_may_come_in_any_sequence(exercise, kind):
    assert exercise.verdict(lambda *case: kind(exercise.answer(*case))).passed


def test_an_exception_in_a_helper_names_the_helpers_line(tmp_path):
    for name, source in {
        "helper": "def helper(x):\n    y = 2\n    return y + taxx\n",
        "answer": "def answer(x):\n    return helper(x)\n",
    }.items():
        (tmp_path / name).write_text(source)
        exec(compile(source, str(tmp_path / name), "exec"), globals())
    message = TOTAL.verdict(globals()["answer"]).message
    assert message.endswith("name 'taxx' is not defined, in line 3: return y + taxx")


def test_two_nodes_do_not_share_what_they_keep():
    exercise = module_of(PATHS[3]).square

    class Shared:
        def forward(self, x):
            Shared.x = x
            return x * x

        def backward(self, upstream):
            return upstream * 2 * Shared.x

    assert "another node that ran later" in exercise.verdict(Shared).message


def test_an_answer_that_overflows_is_named_without_a_warning():
    def naive(z, t):
        p = 1 / (1 + np.exp(-z))
        return -(t * np.log(p) + (1 - t) * np.log(1 - p))

    assert "At z = ±800" in module_of(PATHS[7]).stable.verdict(naive).message


class OneGradient:
    def forward(self, x, y):
        return x - y

    def backward(self, upstream):
        return upstream


class TwoGradients:
    def forward(self, x):
        return x * x

    def backward(self, upstream):
        return upstream, upstream


def test_too_few_or_too_many_gradients_are_counted_as_the_reader_counts():
    subtract, square = module_of(PATHS[3]).subtract, module_of(PATHS[3]).square
    assert "backward returns 1 value; it needs 2" in subtract.verdict(OneGradient).message
    assert (
        "2 gradients; it should return one, however often x is used"
        in square.verdict(TwoGradients).message
    )


class ListOfGradients:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        return (upstream * self.mask).tolist()


def test_a_list_is_an_array_of_one_gradient():
    assert module_of(PATHS[5]).relu.verdict(ListOfGradients).passed


class KeepsItsSlope:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        self.x = 2 * self.x
        return upstream * self.x


class ForgetsIts:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        x = self.x
        del self.x
        return upstream * 2 * x


@pytest.mark.parametrize("node_class", [KeepsItsSlope, ForgetsIts])
def test_a_second_backward_must_give_the_same(node_class):
    message = module_of(PATHS[3]).square.verdict(node_class).message
    assert message == f"not yet. {CHANGES_WHAT_IT_KEPT}"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_class(backward, keep=setattr):
    """Return a loss class for exercise 7.3 with this backward; keep(self, name, value)."""

    class Loss:
        def forward(self, z, t):
            keep(self, "p", sigmoid(z))
            self.t = t
            return (np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))).mean()

    Loss.backward = backward
    return Loss


def loss_gradient(self, upstream=1.0):
    return upstream * (self.p - self.t) / len(self.t)


def changes_its_p(self, upstream=1.0):
    self.p -= self.t
    self.p *= upstream / len(self.p)
    return self.p


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (loss_class(loss_gradient), "right."),
        (
            loss_class(loss_gradient, lambda self, *kept: setattr(type(self), *kept)),
            "not yet. This uses the p of another node that ran later.",
        ),
        (
            loss_class(lambda self, upstream=1.0: (loss_gradient(self, upstream), None)),
            "not yet. backward returns 2 gradients; it should return one, that of z",
        ),
        (
            loss_class(lambda self, upstream=1.0: {"z": self.p - self.t}),
            "not yet. The gradient of z is not a number but {'z'",
        ),
        (loss_class(changes_its_p), CHANGES_WHAT_IT_KEPT),
        (loss_class(lambda self, upstream=1.0: None), "not yet. With z = [ 2., -1.], t = [1., 0.]"),
        (loss_class(lambda self, upstream: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=2.0: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=None: loss_gradient(self, upstream)), DEFAULT_IS_ONE),
        (loss_class(lambda self, upstream=None: loss_gradient(self, upstream or 1)), "right."),
    ],
)
def test_what_is_said_about_a_loss(attempt, said):
    assert said in module_of(PATHS[7]).fused.verdict(attempt).message


class GoodLayer:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.grads = {}

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, upstream):
        self.grads["W"], self.grads["b"] = self.X.T @ upstream, upstream.sum(axis=0)
        return upstream @ self.W.T


class SharesItsX(GoodLayer):
    X = property(lambda self: SharesItsX.kept, lambda self, X: setattr(SharesItsX, "kept", X))


class SharesItsGrads(GoodLayer):
    everyones = {}  # noqa: RUF012
    grads = property(lambda self: self.everyones, lambda self, grads: None)


class AddsUpItsGrads(GoodLayer):
    def backward(self, upstream):
        for name, grad in {"W": self.X.T @ upstream, "b": upstream.sum(axis=0)}.items():
            self.grads[name] = self.grads.get(name, 0) + grad
        return upstream @ self.W.T


class OverwritesUpstream(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        upstream *= 2
        return dX


class LearnsInBackward(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        self.W = self.W - 0.1 * self.grads["W"]
        return dX


class ThreeGradients(GoodLayer):
    def backward(self, upstream):
        return super().backward(upstream), *self.grads.values()


class ListOfGrads(GoodLayer):
    def backward(self, upstream):
        self.grads = [self.X.T @ upstream, upstream.sum(axis=0)]
        return upstream @ self.W.T


class NoBias(GoodLayer):
    def backward(self, upstream):
        dX = super().backward(upstream)
        del self.grads["b"]
        return dX


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (GoodLayer, "right."),
        (AddsUpItsGrads, "right."),
        (SharesItsX, "X is that of another layer that ran later."),
        (SharesItsGrads, "self.grads is shared by all layers."),
        (OverwritesUpstream, OVERWRITES),
        (LearnsInBackward, CHANGES_WHAT_IT_KEPT),
        (ThreeGradients, "backward returns 3 gradients; it should return one, that of X"),
        (ListOfGrads, "self.grads should be a dictionary with 'W' and 'b'"),
        (NoBias, "self.grads has no 'b'"),
    ],
)
def test_what_is_said_about_a_layer(attempt, said):
    assert said in module_of(PATHS[6]).layer.verdict(attempt).message


def test_rows_of_one_table_are_not_several_results():
    product = module_of(PATHS[6]).product
    assert "returns 1 value, and needs 2" in product.verdict(lambda X, W, upstream: X).message


def test_an_array_is_not_a_single_number():
    said = "should be a single number, and is an array or a list: [1, 2]"
    assert said in module_of(PATHS[6]).bias.verdict(lambda upstream: [1, 2]).message


@pytest.mark.parametrize("size", [max, lambda a, n: abs(max(a, n))])
def test_a_division_by_0_does_not_hide_that_the_larger_number_is_wrong(size):
    relative = module_of(PATHS[4]).relative
    message = relative.verdict(lambda a, n: abs(a - n) / size(a, n)).message
    assert "The larger number is not the one of larger size" in message


def test_one_case_alone_does_not_show_that_an_answer_is_stuck():
    def attempt(x):
        assert x[0, 0] == 1, "the second case stops"
        return np.full(3, 9.0)

    assert TOTAL.verdict(attempt).message.endswith("which is not right.")


TOTAL = Exercise(
    title="Test",
    answer=lambda x: np.sum(x, axis=0),
    cases=((np.ones((2, 3)),), (np.arange(6.0).reshape(2, 3),)),
    mistakes={"This is the mean.": lambda x: np.mean(x, axis=0)},
)


def changed_in_place(x):
    x += 1
    return x.sum(axis=0)


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (..., "not attempted yet"),
        (lambda x: ..., "not attempted yet"),
        (lambda x: 2 * ..., "not attempted yet"),
        (lambda x: np.where(x > 1, x, ...), "not attempted yet"),
        (lambda x: [0, 0, ...], "not attempted yet"),
        (lambda x: None, "returns None"),
        (lambda x: "six", "not a number but 'six'"),
        (lambda x: [[1], [2, 3]], "returns 2 values, and needs one value"),
        (lambda x: (1, 2), "returns 2 values, and needs one value"),
        (lambda x: np.sum(x, axis=1), "has shape (2,), and should have shape (3,)"),
        (lambda x: np.sum(x), "has shape (), and should have shape (3,)"),
        (lambda x: [1, 2, 3, 4], "has shape (4,), and should have shape (3,)"),
        (lambda x: np.sum(x, axis=0) > 2, "which is not right"),
        (lambda x: np.mean(x, axis=0), "This is the mean."),
        (lambda x: -np.sum(x, axis=0), "its sign is wrong"),
        (lambda x: np.sum(x, axis=0) + 1, "which is not right"),
        (lambda x: np.sum(x, axis=0) * np.nan, "which is not right"),
        (lambda x: np.full(3, 2.0), "which is not right"),
        (lambda x: np.round(np.sum(x, axis=0), 2) + 1e-4, "close, but not exact"),
        (lambda x: np.array([9.0, 9.0, 9.0]), "It is the same for every input"),
        (changed_in_place, "not yet. An argument was changed in place"),
        (np.zeros(3), "write the name of your function or class, without (...)"),
        (lambda: 1, "TypeError"),
        (3, "'int' object is not callable: write the name"),
        (None, "'NoneType' object is not callable: write the name"),
        (lambda x: np.sum(x, axis=0), "right."),
        (lambda x: np.sum(x, axis=0).tolist(), "right."),
    ],
)
def test_what_a_check_says(attempt, said):
    assert said in TOTAL.verdict(attempt).message


def test_calling_an_exercise_prints_its_verdict(capsys):
    TOTAL(...)
    assert capsys.readouterr().out.startswith("Test: not attempted yet.")


class Shown:
    """A stand-in for the display of a notebook."""

    def __init__(self):
        self.bundles = []

    def __call__(self, bundle, **_options):
        self.bundles.append(bundle)
        return self

    def update(self, bundle, **_options):
        self.bundles.append(bundle)


@pytest.fixture
def shown(monkeypatch):
    shown = Shown()
    monkeypatch.setattr(question_module, "display", shown)
    monkeypatch.setattr(question_module, "show_widget", lambda *_: None)
    return shown


@pytest.mark.parametrize("question", list(members(Question)))
def test_a_question_stays_closed_until_the_reader_commits(question, shown):
    prediction = Prediction(question)
    prediction._ipython_display_()
    assert prediction.commit.disabled
    prediction.choice.value = question.letter(question.options[0])
    assert not prediction.commit.disabled
    assert len(shown.bundles) == 1, "choosing alone reveals nothing"
    closed = shown.bundles[0]
    assert question.why not in closed["text/plain"] and "You said" not in closed["text/html"]
    assert all(option in closed["text/plain"] for option in question.options)


@pytest.mark.parametrize("question", list(members(Question)))
@pytest.mark.parametrize("which", [0, 1])
def test_a_commitment_opens_the_reveal(question, which, shown):
    prediction = Prediction(question)
    prediction._ipython_display_()
    chosen = question.options[which]
    prediction.choice.value = question.letter(chosen)
    prediction.commit.click()
    opened = shown.bundles[-1]["text/plain"]
    assert question.why in opened and f"You said {question.letter(chosen)}" in opened
    assert ("and so it is" in opened) == (chosen == question.answer)
    assert prediction.choice.disabled and prediction.commit.disabled


@pytest.mark.parametrize(
    ("options", "answer"), [(("a",), "a"), (("a", "a"), "a"), (("a", "b"), "c"), ((), "a")]
)
def test_a_broken_question_is_refused(options, answer):
    with pytest.raises(ValueError, match="Question"):
        Question("?", options, answer, "because")
