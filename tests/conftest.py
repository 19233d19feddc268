"""What tests of explorers share as a fixture."""

import pytest
from explored import Handle

from course_utils.explorers import explorer


@pytest.fixture
def show(monkeypatch):
    """Return a function that shows an explorer and returns the handle of its picture."""

    def show(shown):
        handle, displayed = Handle(), []

        def display(bundle, raw=False, display_id=None):
            assert raw
            displayed.append(bundle)
            return handle if display_id else None

        monkeypatch.setattr(explorer, "display", display)
        shown._ipython_display_()
        handle.first = displayed[-1]
        handle.displayed = displayed
        return handle

    return show
