"""The notebooks as tests read them."""

import ast
import re
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))


class Lesson:
    """One notebook: its cells, and its parts by heading."""

    def __init__(self, path):
        self.path = path
        self.cells = nbformat.read(path, as_version=4).cells
        self.code = [cell for cell in self.cells if cell.cell_type == "code"]
        self.prose = [cell for cell in self.cells if cell.cell_type == "markdown"]

    def headings(self, level):
        """Return the texts of all headings of one level, in order."""
        mark = re.compile(rf"^{'#' * level} +(.+)$", re.MULTILINE)
        return [text for cell in self.prose for text in mark.findall(cell.source)]

    def tagged(self, tag):
        """Return the code cells that carry a tag."""
        return [cell for cell in self.code if tag in cell.metadata.get("tags", [])]

    @property
    def imports(self):
        """Return the source of the cell that fetches what the lesson needs."""
        return self.code[0].source

    def definitions(self, before):
        """Return what the cells before one define: imports, functions, classes, methods."""
        cells = self.code[: self.code.index(before)]
        lines = [line for cell in cells for line in ast.parse(cell.source).body]
        return "\n".join(ast.unparse(line) for line in lines if defines(line))

    def exercises(self):
        """Return (stub, check, solution) sources, one for each exercise cell."""
        found = []
        for i, cell in enumerate(self.cells):
            if "exercise" in cell.metadata.get("tags", []):
                check, answer = self.cells[i + 1], self.cells[i + 2]
                assert "check" in check.metadata["tags"]
                solution = re.search(
                    r"Solution</summary>\n\n```python\n(.+?)```", answer.source, re.S
                )
                found.append((cell.source, check.source, solution[1]))
        return found


def defines(line):
    """Return whether a statement defines something, and needs nothing that cells compute."""
    if isinstance(line, ast.FunctionDef):
        return all(isinstance(default, ast.Constant) for default in line.args.defaults)
    if isinstance(line, ast.Assign):  # of a method: Variable.backward = backward
        return re.match(r"[A-Z]\w+\.\w+ = \w+$", ast.unparse(line)) is not None
    return isinstance(line, (ast.Import, ast.ImportFrom, ast.ClassDef))


def outputs_of(cells):
    """Return (mime type, text) of everything that cells show."""
    for cell in cells:
        for output in cell.outputs:
            if output.output_type == "stream":
                yield "text/plain", output.text
            yield from output.get("data", {}).items()
