"""Times that are measured and shown, and never stored."""

import pytest

from course_utils.explorers import stopwatch


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (0, "0.0 µs"),
        (2.5e-6, "2.5 µs"),
        (0.0213, "21 ms"),
        (0.999, "999 ms"),
        (1, "1.0 s"),
        (59, "59 s"),
        (90, "1.5 minutes"),
        (7200, "2.0 hours"),
        (200_000, "2.3 days"),
        (3e9, "95 years"),
        (4e12, "126,752 years"),
    ],
)
def test_a_time_in_the_unit_that_it_fills(time, words):
    assert stopwatch.in_words(time) == words


def test_seconds_is_the_median(monkeypatch):
    ticks = iter([0, 5, 10, 11, 20, 23])  # start and end of three runs: 5, 1 and 3
    monkeypatch.setattr(stopwatch, "perf_counter", lambda: next(ticks))
    runs = []
    assert stopwatch.seconds(lambda: runs.append(1), repeats=3) == 3
    assert len(runs) == 3


def test_no_run_is_refused():
    with pytest.raises(ValueError, match="got repeats = 0"):
        stopwatch.seconds(lambda: None, repeats=0)


def test_times_are_in_the_widget_and_not_in_what_is_stored(monkeypatch):
    shown = []
    monkeypatch.setattr(stopwatch, "show_widget", lambda *shown_as: shown.append(shown_as))
    stopwatch.show_times({"nudging <72>": 0.4, "backward": 0.006})
    ((widget, words),) = shown
    assert "nudging &lt;72&gt;</td><td>400 ms" in widget.value and "6.0 ms" in widget.value
    assert words == "Times on your computer: nudging <72>, backward. Run this cell to see them."
