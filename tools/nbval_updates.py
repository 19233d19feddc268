"""Teach nbval what an updated display is.

A cell may show a picture and then update it: `handle = display(..., display_id=True)`, then
`handle.update(...)`. JupyterLab and tools/refresh.py store the last picture; nbval 0.11 passes
over updates and would compare with the first. With this plugin it compares with the last, so
a cell that moves its own slider tests the slider's callback.
"""

import nbformat
from nbval.plugin import IPyNbFile

next_message = IPyNbFile.get_kernel_message


def next_message_but_updates(notebook, timeout=None, stream="iopub"):
    """Return the kernel's next message; apply updates to the displays handed out before."""
    displays = notebook.__dict__.setdefault("displays", {})
    while True:
        message = next_message(notebook, timeout, stream)
        content = message["content"]
        display_id = content.get("transient", {}).get("display_id")
        if message["msg_type"] != "update_display_data":
            if display_id is not None:
                # nbval copies a dictionary but keeps a notebook node, which an update then reaches
                content["data"] = nbformat.from_dict(content["data"])
                displays.setdefault(display_id, []).append(content["data"])
            return message
        for data in displays.get(display_id, []):
            data.clear()
            data.update(content["data"])


IPyNbFile.get_kernel_message = next_message_but_updates
