"""Every notebook in JupyterLab: runs to its end, and its pictures can be read."""

import pytest

from browser.conftest import ROOT

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
PICTURES = """panel => [...panel.querySelectorAll('.jp-OutputArea-output svg')]
    .filter(svg => !svg.closest('button'))"""
UNNAMED = f"""panel => ({PICTURES})(panel).filter(svg => !svg.getAttribute('aria-label')?.trim())
    .map(svg => svg.outerHTML.slice(0, 200))"""
COLLISIONS = f"""panel => ({PICTURES})(panel).flatMap(svg => {{
    const boxes = [...svg.querySelectorAll('text')].map(
        text => [text.textContent, text.getBoundingClientRect()])
    const frame = svg.getBoundingClientRect(), slack = 0.5, found = []
    const place = svg.getAttribute('aria-label').slice(0, 80)
    boxes.forEach(([one, a], i) => {{
        if (Math.min(a.left - frame.left, a.top - frame.top,
            frame.right - a.right, frame.bottom - a.bottom) < -slack)
            found.push(`"${{one}}" is cut off in: ${{place}}`)
        for (const [other, b] of boxes.slice(i + 1))
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack)
                found.push(`"${{one}}" and "${{other}}" overlap in: ${{place}}`)
    }})
    return found
}})"""
TOO_WIDE = """panel => [...panel.querySelectorAll(
        '.jp-WindowedPanel-outer, .jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output, '
        + '.jp-OutputArea-output *')]
    .filter(part => part.scrollWidth > part.clientWidth + 1
        && ['auto', 'scroll'].includes(getComputedStyle(part).overflowX))
    .map(part => `${part.className}: ${part.textContent.slice(0, 80)}`)"""


@pytest.fixture(params=NOTEBOOKS)
def panel(lab, request):
    """The panel of a notebook that has just been run to its end."""
    lab.open(request.param)
    lab.run_all()
    yield lab.page.locator(lab.panel)
    lab.close()


def test_runs_to_its_end_and_can_be_read(lab, panel):
    assert lab.errors() == []
    assert "You said" not in panel.inner_text()
    assert panel.evaluate(UNNAMED) == []
    assert panel.evaluate(COLLISIONS) == []
    assert panel.evaluate(TOO_WIDE) == []
