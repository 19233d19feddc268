"""Questions to answer before the result can be seen.

``predict(question)`` shows a question with lettered options. Its reveal opens only after the
reader has chosen and committed; where no reader is, it stays closed.
"""

from dataclasses import dataclass
from html import escape

import ipywidgets as widgets
from IPython.display import display

from course_utils.explorers.explorer import show_widget
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
        self.choice = widgets.ToggleButtons(options=letters, value=None, description="I say")
        self.choice.style.button_width = "4em"
        self.commit = widgets.Button(description="Commit", disabled=True)
        self.choice.observe(self._chosen, names="value")
        self.commit.on_click(self._committed)
        self.box = widgets.HBox([self.choice, self.commit])
        self._shown = None

    def _ipython_display_(self):
        self._shown = display(self._mimebundle(), raw=True, display_id=True)
        show_widget(self.box, "choose a letter, then Commit")

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
        reveal = "" if chosen is None else self._reveal(chosen)
        style = escape(f"font:18px {theme.FONT};color:{theme.INK};background:{theme.PAPER}")
        options = "".join(f"<br>{escape(line)}" for line in lines)
        bold = f"<p><b>{escape(reveal)}</b> {escape(question.why)}</p>" if reveal else ""
        markup = f'<div style="{style};padding:8px 12px"><p>{escape(question.text)}{options}</p>'
        plain = "\n".join(
            [question.text, *lines] + ([f"{reveal} {question.why}"] if reveal else [])
        )
        return {"text/html": f"{markup}{bold}</div>", "text/plain": plain}

    def _reveal(self, chosen):
        right = self.question.letter(self.question.answer)
        verdict = "and so it is" if chosen == right else f"and it is {right}"
        return f"You said {chosen}, {verdict}: {self.question.answer}."
