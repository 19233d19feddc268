"""Exercises and questions: one module a lesson, with checks that name the mistake.

``exercise.py`` is the mechanism; ``lesson_01.py`` and its like hold the exercises themselves.
"""

from course_utils.exercises.exercise import Exercise
from course_utils.exercises.question import Question, predict

__all__ = ["Exercise", "Question", "predict"]
