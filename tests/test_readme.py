"""What the README says is so: lessons and their times, links, folders, commands, versions."""

import re
import subprocess
import sys
import tomllib
from html import unescape
from pathlib import Path

import pytest
from lessons import PATHS, Lesson, outputs_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LONGEST = 60  # minutes that a lesson takes in class, but for one in two slots
HELPED = dict(re.findall(r"^([a-z-]+):.*## (.+)$", MAKEFILE, re.MULTILINE))


def row_of(path):
    """Return a lesson's row of the README's table, from what its title cell says."""
    title = Lesson(path).cells[0].source
    name = re.match(r"# (.+)", title)[1]
    question = re.search(r"^\*\*(.+\?)\*\*$", title, re.MULTILINE)[1]
    minutes = int(re.search(r"alone, (\d+) in a lecture", title)[1])
    slots = "" if minutes <= LONGEST else ", in two slots"
    return f"| [{name}](notebooks/{path.name}) | {question} | {minutes} min{slots} |"


def test_the_table_lists_every_lesson_with_its_question_and_its_minutes():
    assert re.findall(r"^\| \[\d\d · .+$", README, re.MULTILINE) == [row_of(p) for p in PATHS]


def test_a_lesson_fits_into_its_slots():
    minutes = list(map(int, re.findall(r"\| (\d+) min \|", README)))
    assert len(minutes) == len(PATHS) - 1, "one lesson needs two slots"
    assert max(minutes) <= LONGEST
    assert "lesson 13 needs two slots of 45 minutes" in README
    assert re.findall(r"\[(\d+) .*\| 90 min, in two slots \|", README) == ["13"]


def test_links_and_folders_are_there():
    links = re.findall(r"\]\(([^)]+)\)", README)
    inner = [link for link in links if not re.match(r"\w+:", link)]
    folders = re.findall(r"`(\w+)/`", README)
    assert len(inner) > len(PATHS) and len(folders) >= 6
    assert [place for place in [*inner, *folders] if not (ROOT / place).exists()] == []


def test_every_task_named_is_a_task_of_make():
    tasks = set(re.findall(r"\bmake (?:[A-Z]+=\S+ )?([a-z][a-z-]*)", "\n".join(code_of(README))))
    assert {"lab", "test", "refresh", "lint", "test-browser"} <= tasks <= HELPED.keys()


def code_of(text):
    """Return what stands in code, in a block or in a line."""
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`(make [^`\n]+)`", text)


def test_make_help_lists_every_task():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8").stdout
    assert dict(re.findall(r"^make ([a-z-]+) +(.+)$", said, re.MULTILINE)) == HELPED


@pytest.mark.skipif(not (ROOT / ".venv/for-readers").exists(), reason="needs make's environment")
def test_another_python_that_is_named_gets_an_environment_anew(tmp_path):
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 3.0\n")
    other.chmod(0o755)
    plans = [
        subprocess.run(["make", "-n", *named, "lab"], cwd=ROOT, capture_output=True).stdout
        for named in ([], [f"PYTHON={other}"])
    ]
    assert [b"environment.sh install" in plan for plan in plans] == [False, True]


def test_the_versions_of_python_are_the_same_everywhere():
    oldest, newest = re.search(r"You need Python (3\.\d+) to (3\.\d+)", README).groups()
    assert f"Needs Python {oldest} to {newest}" in MAKEFILE
    environment = (ROOT / "tools" / "environment.sh").read_text("utf-8")
    bounds = [f"(3, {version.partition('.')[2]})" for version in (oldest, newest)]
    assert f"{bounds[0]} <= sys.version_info[:2] <= {bounds[1]}" in environment
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={oldest}"


def test_the_command_for_slides_makes_a_page_with_the_stored_pictures(tmp_path):
    command = re.search(r"^\.venv/bin/python (-m jupyter nbconvert .+)$", README, re.MULTILINE)[1]
    options = [*command.split(), "--output-dir", str(tmp_path)]
    subprocess.run([sys.executable, *options], cwd=ROOT, check=True, capture_output=True)
    page = (tmp_path / "01_apple_shop.slides.html").read_text("utf-8")
    stored = "".join(text for _, text in outputs_of(Lesson(PATHS[1]).code))
    assert pictures_in(page) == pictures_in(stored) != []
    assert re.search(r'https?://[^"]*reveal', page), "from the network, as it says"
    assert "<section>" in page


def pictures_in(markup):
    """Return the alternative text of every picture in a page."""
    return [unescape(alt) for alt in re.findall(r'<svg [^>]*aria-label="([^"]*)"', markup)]
