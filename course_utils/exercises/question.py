"""Questions to answer before the result can be seen.

``predict(question)`` shows a question with lettered options. Its reveal opens only after the
reader has chosen and committed; where no reader is, it stays closed.
"""

from dataclasses import dataclass
from html import escape

import ipywidgets as widgets
from IPython.display import display

from course_utils.explorers.explorer import show_widget
from course_utils.explorers.names import Names
from course_utils.pictures import theme


@dataclass(frozen=True)
class Question:
    """A question with options, of which one is right.

    Attributes:
        text: the question.
        options: what the reader chooses from.
        answer: the right option, as it stands in ``options``.
        why: why it is right; shown after the commitment.

    Raises:
        ValueError: fewer than two options, twice the same, or the answer is none of them.
    """

    text: str
    options: tuple
    answer: str
    why: str

    def __post_init__(self):
        if len(set(self.options)) != len(self.options) or len(self.options) < 2:
            raise ValueError(f"Question: expected two or more different options: {self.options}")
        if self.answer not in self.options:
            raise ValueError(f"Question: the answer {self.answer!r} is none of {self.options}")

    def letter(self, option):
        """Return the letter of an option: A for the first."""
        return "ABCDEFGH"[self.options.index(option)]


def predict(question):
    """Show a question; open its reveal once the reader has chosen and committed."""
    Prediction(question)._ipython_display_()


class Prediction:
    """A shown question: letters to choose from, a button to commit, and the reveal."""

    def __init__(self, question):
        self.question = question
        letters = [question.letter(option) for option in question.options]
        self.choice = widgets.ToggleButtons(options=letters, value=None)
        self.choice.style.button_width = "4em"
        self.commit = widgets.Button(description="Commit", disabled=True, button_style="primary")
        self.choice.observe(self._chosen, names="value")
        self.commit.on_click(self._committed)
        row = [widgets.Label("I say"), self.choice, self.commit, Names()]
        self.box = widgets.HBox(row, layout=widgets.Layout(align_items="center", padding="0 12px"))
        self._shown = None

    def _ipython_display_(self):
        self._shown = display(self._mimebundle(), raw=True, display_id=True)
        words = "Controls: choose a letter, then Commit. Run this cell to use them."
        show_widget(self.box, words)

    def _chosen(self, change):
        self.commit.disabled = change["new"] is None

    def _committed(self, _button):
        self.choice.disabled = self.commit.disabled = True
        if self._shown is not None:
            self._shown.update(self._mimebundle(self.choice.value), raw=True)

    def _mimebundle(self, chosen=None):
        """Return the question, and with a chosen letter also the reveal."""
        question = self.question
        lines = [f"{question.letter(option)}. {option}" for option in question.options]
        paragraphs = ["<br>".join(map(escape, [question.text, *lines]))]
        plain = [question.text, *lines]
        if chosen is not None:
            reveal = self._reveal(chosen)
            paragraphs.append(f"<b>{escape(reveal)}</b> {escape(question.why)}")
            plain.append(f"{reveal} {question.why}")
        style = f"font:18px/1.5 {theme.FONT};color:{theme.INK};background:{theme.PAPER}"
        inside = "".join(f'<p style="margin:4px 12px">{text}</p>' for text in paragraphs)
        markup = f'<div style="{escape(style)}">{inside}</div>'
        return {"text/html": markup, "text/plain": "\n".join(plain)}

    def _reveal(self, chosen):
        right = self.question.letter(self.question.answer)
        verdict = "and so it is" if chosen == right else f"and it is {right}"
        return f"You said {chosen}, {verdict}: {self.question.answer}."
