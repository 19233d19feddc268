"""Times of this computer: shown while a kernel runs, and never stored, since no two runs agree."""

from html import escape
from statistics import median
from time import perf_counter

import ipywidgets as widgets

from course_utils.explorers.explorer import show_widget
from course_utils.pictures import theme

UNITS = (
    ("years", 31_557_600), ("days", 86_400), ("hours", 3_600), ("minutes", 60), ("s", 1),
    ("ms", 1e-3), ("µs", 1e-6),
)  # fmt: skip


def seconds(work, repeats=5):
    """Return how long ``work()`` takes: the median of some runs, in seconds.

    Raises:
        ValueError: ``repeats`` is below 1.
    """
    if repeats < 1:
        raise ValueError(f"seconds: expected one run or more, got repeats = {repeats}")
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def show_times(times):
    """Show a table of what takes how long.

    Args:
        times: name → seconds.
    """
    rows = "".join(
        f"<tr><td style='padding-right:2em'>{escape(name)}</td><td>{in_words(time)}</td></tr>"
        for name, time in times.items()
    )
    style = escape(f"font:18px/1.5 {theme.FONT};color:{theme.INK};background:{theme.PAPER}")
    table = widgets.HTML(f"<table style='{style}'>{rows}</table>")
    show_widget(table, f"Times on your computer: {', '.join(times)}. Run this cell to see them.")


def in_words(time):
    """Return seconds in the largest unit that they fill: 0.0213 is 21 ms, 200000 is 2.3 days."""
    unit, size = next((pair for pair in UNITS if time >= pair[1]), UNITS[-1])
    number = time / size
    return f"{number:,.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
