"""Every Python that finds this file at its start may talk to its own machine only, and write below
the folder GUARDED_FOLDER only. What it tried all the same is noted in `refused` in that folder.
"""

import os
import sys

FOLDER = os.environ["GUARDED_FOLDER"]
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
TALKS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
CHANGES = {  # event -> how many paths it names
    "os.mkdir": 1, "os.rmdir": 1, "os.rename": 2, "os.remove": 1, "os.truncate": 1,
    "os.chmod": 1, "os.utime": 1, "sqlite3.connect": 1,
}  # fmt: skip
OWN_MACHINE = {None, "", "localhost", "127.0.0.1", "::1"}


def guard(event, arguments):
    """Raise `PermissionError` for a name from the network, and for a change outside of `FOLDER`."""
    if refuses(event, arguments):
        note(event, arguments)
        raise PermissionError(f"refused: {event} {arguments}")


def refuses(event, arguments):
    """Return whether a Python here may not do what it is about to do."""
    if event == "open":
        return writes(*arguments[1:]) and is_outside(arguments[0])
    if event in CHANGES:
        return any(map(is_outside, arguments[: CHANGES[event]]))
    if event in LOOKUPS:
        return text(arguments[0]) not in OWN_MACHINE
    if event in TALKS:
        return isinstance(arguments[1], tuple) and arguments[1][0] not in OWN_MACHINE
    return False


def writes(mode, flags):
    """Return whether a file that is opened so may be changed."""
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))


def is_outside(path):
    """Return whether a path is none of `FOLDER`, of the devices or of memory."""
    if isinstance(path, int):  # a file that is open
        return False
    path = os.path.abspath(text(path)) + os.sep
    return not path.startswith((FOLDER + os.sep, "/dev/", "/proc/self/"))


def text(name):
    """Return a name as text, where it is bytes or a path."""
    return None if name is None else os.fsdecode(name)


def note(event, arguments):
    """Add a line to the list of what was refused."""
    with open(os.path.join(FOLDER, "refused"), "a", encoding="utf-8") as file:
        file.write(ascii((event, *arguments)) + "\n")


sys.addaudithook(guard)
