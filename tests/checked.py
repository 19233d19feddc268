"""The exercises and questions of each lesson, as tests go through them."""

import importlib

import pytest
from lessons import PATHS


def module_of(path):
    return importlib.import_module(f"course_utils.exercises.lesson_{path.name[:2]}")


def members(kind):
    for path in PATHS:
        for name, member in vars(module_of(path)).items():
            if isinstance(member, kind):
                yield pytest.param(member, id=f"{path.name[:2]}-{name}")
