"""The bar of a training: where it shows itself, how often, and what it leaves behind."""

import io
import re
from types import SimpleNamespace

import IPython.display
import numpy as np
import pytest
from explored import Handle

from course_utils import progress
from course_utils.nodes import Affine, MeanSquaredError, SigmoidWithLoss
from course_utils.progress import progress_bar
from course_utils.training import SGD, DivergedError, Network, fit


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def surroundings(monkeypatch):
    """What the bar sees of Python: a standard error, and modules that were imported."""
    fake = SimpleNamespace(stderr=io.StringIO(), modules={})
    monkeypatch.setattr(progress, "sys", fake)
    return fake


@pytest.fixture
def terminal(surroundings):
    surroundings.stderr = Terminal()
    return surroundings.stderr


class Notebook:
    """A kernel's display: what was shown first, and each state that replaced it."""

    def __init__(self):
        self.displayed, self.handles = [], []

    def display(self, bundle, raw=False, display_id=None):
        assert raw and display_id is True
        self.displayed.append(bundle)
        self.handles.append(Handle())
        return self.handles[-1]

    @property
    def states(self):
        return [*self.displayed, *self.handles[0].shown]


@pytest.fixture
def notebook(surroundings, terminal, monkeypatch):
    """A notebook whose standard error is a terminal as well."""
    shown = Notebook()
    use_shell(surroundings, SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", shown.display)
    return shown


def use_shell(surroundings, shell):
    surroundings.modules["IPython"] = SimpleNamespace(get_ipython=lambda: shell)


class Clock:
    """A clock that goes on by so many seconds whenever someone looks."""

    def __init__(self, monkeypatch, seconds, start=1e6):
        self.now, self.seconds = start, seconds
        monkeypatch.setattr(progress, "monotonic", self)

    def __call__(self):
        self.now += self.seconds
        return self.now


def run(epochs, iterations, show=True):
    with progress_bar(epochs, iterations, show) as bar:
        for number in range(epochs * iterations):
            bar.advance(1 / (1 + number))
    assert bar.done == epochs * iterations


def lines_of(stream):
    """Return what stood on the line, one after the other, without the codes around it."""
    first, *shown = stream.getvalue().split("\r")
    assert first == "" and all("\033[K" in one for one in shown)
    return [one.replace("\033[K", "") for one in shown]


# Silence


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["no shell", "no kernel"])
def test_nothing_is_shown_without_a_terminal_or_a_notebook(surroundings, capfd, shell):
    run(2, 3)
    use_shell(surroundings, shell)
    run(2, 3)
    assert surroundings.stderr.getvalue() == ""
    surroundings.stderr = None
    run(1, 1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["no shell", "no kernel"])
def test_a_shell_in_a_terminal_has_the_line_of_a_terminal(surroundings, terminal, shell):
    use_shell(surroundings, shell)
    run(2, 3)
    assert lines_of(terminal)[-1].endswith("2 epochs of 3 iterations\n")


def test_nothing_is_shown_if_not_wanted(terminal, notebook):
    run(2, 3, show=False)
    network = Network([Affine([[1.0]], [0.0])], MeanSquaredError())
    fit(network, [[1.0]], [[2.0]], SGD(0.1), 3, progress=False)
    assert terminal.getvalue() == "" and notebook.displayed == []


# A terminal


def test_a_terminal_has_one_line(terminal, capfd, monkeypatch):
    Clock(monkeypatch, 1)
    run(2, 3)
    *running, last = lines_of(terminal)
    assert running == [
        f"[{'#' * (5 * done)}{'.' * (30 - 5 * done)}] epoch {epoch} of 2, loss {loss}"
        for done, epoch, loss in [
            (1, 1, "1.0000"),
            (2, 1, "0.5000"),
            (3, 1, "0.3333"),
            (4, 2, "0.2500"),
            (5, 2, "0.2000"),
            (6, 2, "0.1667"),
        ]
    ]
    assert last == f"[{'#' * 30}] 2 epochs of 3 iterations\n"
    assert capfd.readouterr() == ("", "")


def test_a_shorter_line_leaves_nothing_of_a_longer_one(terminal):
    run(1, 1)
    assert re.fullmatch(r"(\r\[[#.]{30}\] [^\r\n]*\033\[K)+\n", terminal.getvalue())


@pytest.mark.parametrize(
    "epochs, iterations, words",
    [(1, 1, "1 epoch of 1 iteration"), (1, 2, "1 epoch of 2 iterations"), (3, 1, "3 epochs of 1 ")],
)
def test_one_is_not_plural(terminal, epochs, iterations, words):
    run(epochs, iterations)
    assert words in lines_of(terminal)[-1]


@pytest.mark.parametrize("where", ["terminal", "notebook"])
@pytest.mark.parametrize("seconds", [0.0001, 0.01, 0.03])
def test_it_looks_about_ten_times_a_second(request, monkeypatch, where, seconds):
    screen = request.getfixturevalue(where)
    clock = Clock(monkeypatch, seconds)
    run(1, 2000)
    states = lines_of(screen) if where == "terminal" else screen.states
    passed = clock.now - 1e6
    assert 6 * passed <= len(states) <= 10 * passed + 2


def test_a_terminal_is_flushed(terminal, monkeypatch):
    flushed = []
    monkeypatch.setattr(terminal, "flush", lambda: flushed.append(terminal.getvalue()))
    with progress_bar(1, 5) as bar:
        bar.advance(1.0)
        assert "epoch 1 of 1" in flushed[-1]
    assert flushed[-1].endswith("\n")


# A notebook


def test_a_notebook_has_one_output_that_is_replaced(notebook, terminal, monkeypatch):
    Clock(monkeypatch, 1)
    run(2, 2)
    assert len(notebook.displayed) == 1 and len(notebook.handles[0].shown) == 4
    assert terminal.getvalue() == ""
    words = [state["text/plain"] for state in notebook.states]
    assert words == [
        "epoch 1 of 2, loss 1.0000",
        "epoch 1 of 2, loss 0.5000",
        "epoch 2 of 2, loss 0.3333",
        "epoch 2 of 2, loss 0.2500",
        "2 epochs of 2 iterations",
    ]
    shares = ["0.250", "0.500", "0.750", "1.000", "1.000"]
    for state, share in zip(notebook.states, shares, strict=True):
        assert f'<progress value="{share}" max="1"' in state["text/html"]
        assert state["text/html"].endswith(f"> {state['text/plain']}</label>")
        assert state["text/html"].startswith("<label") and set(state) == {"text/html", "text/plain"}


def test_two_trainings_have_two_outputs(notebook):
    run(1, 2)
    run(1, 2)
    assert len(notebook.displayed) == 2


def test_the_last_state_is_the_same_at_every_run(monkeypatch, notebook):
    last = []
    for seconds, losses in [(1, 3.0), (0.001, 5.0), (0.07, 1e-9)]:
        Clock(monkeypatch, seconds)
        with progress_bar(3, 40) as bar:
            for _ in range(120):
                bar.advance(losses)
        last.append(notebook.handles[-1].shown[-1])
    assert last[0] == last[1] == last[2]
    assert last[0]["text/plain"] == "3 epochs of 40 iterations"


def test_each_state_is_new(notebook):
    run(1, 2)
    states = notebook.states
    assert len({id(state) for state in states}) == len(states) >= 2


# Trainings that stop


class Stop(Exception):
    pass


def test_a_training_that_stops_says_where(terminal):
    with pytest.raises(Stop), progress_bar(2, 3) as bar:
        for _ in range(4):
            bar.advance(1.0)
        raise Stop
    last = lines_of(terminal)[-1]
    assert last == f"[{'#' * 20}{'.' * 10}] 2 epochs of 3 iterations, stopped after 4\n"


def test_a_training_that_stops_at_once(notebook, terminal):
    with pytest.raises(KeyboardInterrupt), progress_bar(1, 2):
        raise KeyboardInterrupt
    (state,) = notebook.states
    assert state["text/plain"] == "1 epoch of 2 iterations, stopped after 0"
    assert 'value="0.000"' in state["text/html"]


def fit_numbers(bad=2.0, **how):
    network = Network([Affine([[1.0]], [0.0])], MeanSquaredError())
    X = np.array([[1.0], [2.0], [bad], [4.0]])
    return fit(network, X, X + 1, SGD(0.01), 3, **how)


def test_fit_shows_a_bar(terminal, monkeypatch):
    Clock(monkeypatch, 1)
    history = fit_numbers(batch_size=3)
    *running, last = lines_of(terminal)
    assert [line.partition("] ")[2] for line in running] == [
        f"epoch {1 + number // 2} of 3, loss {loss:.4f}"
        for number, loss in enumerate(history.losses)
    ]
    assert last.endswith("] 3 epochs of 2 iterations\n")


def stopped_after(notebook):
    return int(re.search(r", stopped after (\d+)$", notebook.states[-1]["text/plain"])[1])


@pytest.mark.parametrize("seed", range(4))
def test_the_bar_of_a_diverged_training_counts_the_iterations_before(notebook, seed):
    with pytest.raises(DivergedError) as caught:
        fit_numbers(bad=np.nan, batch_size=1, seed=seed)
    stopped = stopped_after(notebook)
    assert 0 <= stopped < 4 and f" in iteration {stopped + 1}." in str(caught.value)
    assert len(caught.value.history.losses) == stopped


def test_a_measure_that_stops_comes_after_its_epoch(notebook):
    def stop():
        raise Stop

    with pytest.raises(Stop):
        fit_numbers(batch_size=2, each_epoch=stop)
    assert stopped_after(notebook) == 2
    assert 'value="0.333"' in notebook.states[-1]["text/html"]


def test_a_target_that_is_refused_shows_no_bar(notebook):
    network = Network([Affine([[1.0]], [0.0])], SigmoidWithLoss())
    with pytest.raises(ValueError, match=r"^SigmoidWithLoss.forward: a target is 0, 1"):
        fit(network, np.ones((3, 1)), [[0], [1], [2]], SGD(0.1), 2, batch_size=1)
    assert notebook.displayed == []
