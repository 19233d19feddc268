"""A small notebook with one of each thing that a lesson stores: a number, a picture, a slider."""

import nbformat

NUMBER = "price = 220\nprint('to pay:', price)\nprint('a second line')"

PICTURE = """\
from IPython.display import HTML, display

def picture(value):
    return HTML(f"<svg><text>value {value}</text></svg>")

display(picture(price / 2))"""

EXPLORER = """\
import ipywidgets as widgets

slider = widgets.IntSlider(value=1, description="count")
view = {"version_major": 2, "version_minor": 0, "model_id": slider.model_id}
slider_view = {"application/vnd.jupyter.widget-view+json": view, "text/plain": "count: a slider"}
display(slider_view, raw=True)
handle = display(picture(slider.value), display_id=True)

def paint(change):
    handle.update(picture(change.new))

slider.observe(paint, "value")
slider.value = 3"""

CELLS = [NUMBER, PICTURE, EXPLORER]


def write_notebook(path, sources):
    """Write a notebook that has not been run, with one code cell for each source."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path
