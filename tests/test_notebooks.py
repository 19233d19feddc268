"""Every notebook has the anatomy of a lesson."""

import ast
import re
from statistics import median

import pytest
from lessons import FOLDER, PATHS, Lesson, outputs_of

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
EXEMPT_TAGS = {"nbval-ignore-output", "nbval-skip", "raises-exception"}
# notebook -> what its stored outputs must show, as published in the course's plan
NUMBERS = {
    "01_apple_shop": "200 220 2.2 110 650 715 165 3.3 825 717.2",
    "02_chain_rule": "49 14 7 0.1401",
    "03_add_and_multiply_nodes": "1.3 6.5 13 715 110 2.2 3.3 165 650 15 8 5 7",
    "04_numerical_gradient": "5.9e-11 6.6e-09 2.7e+00 10,000,100,000",
    "05_sigmoid_and_relu": "0.8808 −0.7758 −0.105 0.105 0.25 9.54e-07",
    "07_losses": "0.6931 -0.5 0.1269 -0.1192 2.1269 0.8808 800 -1",
    "08_softmax_cross_entropy": "0.00816 5.5e-05 0.992 0.00825 -0.00822 4.80825 -0.992 0.9918",
    "09_multilayer_perceptron": "0.296178 0.099603 300",
    "10_handwritten_digits": "79,510 2.303",
    "11_depth_and_vanishing_gradients": "9.5e-07 0.014",
    "12_bug_hunt": "0.0996 0.1182 0.2962 5 0.2 0.5",
    "13_convolution_and_pooling": "-2 6 9 12 1 -1 15 16 7 10 2 4 8 2.25 1.5 5,386 58 245",
    "14_autograd": "15 3 8 6 16 10001 0.728 0.059 0.2962 0.0942 17 12",
}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def lesson(request):
    return Lesson(request.param)


def test_there_are_lessons():
    assert [path.name[:2] for path in PATHS] == [f"{n:02}" for n in range(len(PATHS))]
    assert len(PATHS) >= 4


def test_title_cell_says_what_the_lesson_is(lesson):
    title = lesson.cells[0].source
    number = lesson.path.name[:2]
    assert re.match(rf"# {number} · \S", title)
    assert re.search(r"^\*\*[^*]+\?\*\*$", title, re.MULTILINE), "the lesson's question, in bold"
    goals = re.search(r"You will be able to\n\n((?:- .+\n)+)", title)[1]
    assert 2 <= goals.count("- ") <= 4
    assert "**Needs:**" in title
    assert re.search(r"\*\*Time:\*\* \d+ minutes alone, \d+ in a lecture\.", title)
    assert "[Contents](" in title
    assert "Next: " in title


def test_title_cell_links_to_its_neighbours(lesson):
    i = PATHS.index(lesson.path)
    title = lesson.cells[0].source
    for neighbour in PATHS[max(0, i - 1) : i] + PATHS[i + 1 : i + 2]:
        assert f"({neighbour.name})" in title


def test_parts_stand_in_their_order(lesson):
    parts = lesson.headings(2)
    assert parts[0] == "Recall"
    fixed = ["Explore", "Exercises", "Say it back"]
    assert [part for part in parts if part in fixed] == fixed
    assert 3 <= parts.index("Explore") - 1 <= 5, "three to five segments before Explore"


def test_recall_asks_three_questions_with_folded_answers(lesson):
    recall = lesson.cells[1].source
    assert recall.startswith("## Recall")
    assert len(re.findall(r"^\d\. ", recall, re.MULTILINE)) == 3
    assert recall.count("<details><summary>Answer</summary>") == recall.count("</details>") == 3


def test_first_code_cell_imports_and_nothing_else(lesson):
    body = ast.parse(lesson.code[0].source).body
    assert all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in body)


def test_code_cells_are_short(lesson):
    lengths = [len(cell.source.splitlines()) for cell in lesson.code]
    assert max(lengths) <= 20
    assert median(lengths) <= 5


def test_at_most_two_code_cells_in_a_row(lesson):
    kinds = "".join(cell.cell_type[0] for cell in lesson.cells)
    assert "ccc" not in kinds


def test_prose_and_code_are_balanced(lesson):
    beside = re.compile(r"<details>.*?</details>|^\|.*?$", flags=re.S | re.M)  # folded, or a table
    unfolded = [beside.sub("", cell.source) for cell in lesson.prose]
    words = sum(len(text.split()) for text in unfolded)
    assert 40 <= words / len(lesson.code) <= 110


def test_there_are_predictions_exercises_and_an_explorer(lesson):
    code = "\n".join(cell.source for cell in lesson.code)
    assert "predict(check." in code
    assert ".explore(" in code
    assert 2 <= len(lesson.exercises()) <= 6


def test_exercises_have_hints_and_a_folded_solution(lesson):
    for i, cell in enumerate(lesson.cells):
        if "exercise" in cell.metadata.get("tags", []):
            folded = lesson.cells[i + 2].source
            assert 1 <= len(re.findall(r"<summary>Hint \d</summary>", folded)) <= 3
            assert folded.count("<details>") == folded.count("</details>")
            assert "..." in cell.source


def anchors(lesson):
    """The places in a notebook that a link can point to."""
    return {h.replace(" ", "-") for level in (1, 2, 3) for h in lesson.headings(level)}


def test_links_resolve(lesson):
    for cell in lesson.prose:
        for target in re.findall(r"\]\(([^)]+)\)", cell.source):
            name, _, anchor = target.partition("#")
            assert not re.match(r"\w+:", target), f"{target}: a lesson needs no network"
            path = lesson.path if not name else FOLDER / name
            assert path.is_file(), target
            if anchor:
                assert anchor in anchors(Lesson(path)), target


def test_pictures_have_alternative_text(lesson):
    assert all("![](" not in cell.source for cell in lesson.prose)
    for cell in lesson.code:
        for output in cell.outputs:
            markup = output.get("data", {}).get("text/html", "")
            for opening in re.findall(r"<svg [^>]*>", markup):
                assert len(re.search(r'aria-label="([^"]*)"', opening)[1]) > 40
            assert all(re.search(r'alt="[^"]+"', img) for img in re.findall(r"<img [^>]*>", markup))
            if markup:
                assert len(output.data["text/plain"]) > 20


def test_no_picture_without_words_and_no_widget_without_its_kernel_is_stored(lesson):
    assert {mime for mime, _ in outputs_of(lesson.code)} <= {"text/plain", "text/html"}


def test_no_bare_reprs(lesson):
    bare = re.compile(r"np\.(float|int|bool)|\barray\(|<[\w.]+ (object )?at |0x[0-9a-f]{6,}|Figure")
    for _, text in outputs_of(lesson.code):
        assert not bare.search(str(text)), bare.search(str(text))[0]
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "execute_result":
                assert "text/html" in output.data, cell.source


def test_code_is_plain_python_without_network_or_system(lesson):
    forbidden = {"urllib", "requests", "http", "socket", "subprocess", "os", "threading", "sys"}
    for cell in lesson.code:
        for node in ast.walk(ast.parse(cell.source)):  # a magic would not parse
            if isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module.split(".")[0]}
                assert "*" not in {alias.name for alias in node.names}
            else:
                continue
            assert not names & forbidden


def test_every_cell_has_its_place_in_the_slides(lesson):
    for cell in lesson.cells:
        assert cell.metadata.slideshow.slide_type in SLIDE_TYPES
    assert lesson.cells[0].metadata.slideshow.slide_type == "slide"
    assert any(cell.metadata.slideshow.slide_type == "notes" for cell in lesson.cells)


def test_cell_ids_are_unique(lesson):
    ids = [cell.id for cell in lesson.cells]
    assert len(set(ids)) == len(ids)


def test_no_output_is_exempt_from_comparison():
    tags = [
        tag for path in PATHS for cell in Lesson(path).code for tag in cell.metadata.get("tags", [])
    ]
    assert sum(tag in EXEMPT_TAGS for tag in tags) == 0
    source = "\n".join(cell.source for path in PATHS for cell in Lesson(path).code)
    assert "NBVAL" not in source and "PYTEST_VALIDATE" not in source


@pytest.mark.parametrize("name", NUMBERS)
def test_published_numbers_are_in_stored_outputs(name):
    lesson = Lesson(FOLDER / f"{name}.ipynb")
    shown = " ".join(str(text) for mime, text in outputs_of(lesson.code) if mime == "text/plain")
    found = {number.strip("+.,") for number in re.findall(r"[+−-]?\d[\d.,]*(?:e[+-]\d+)?", shown)}
    found |= {f"{float(n):g}" for n in found if re.fullmatch(r"-?[\d.]+", n)}
    assert set(NUMBERS[name].split()) <= found
