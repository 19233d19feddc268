"""Lessons run in places that make it hard for them, and show there what is stored, to the byte.

Here a few lessons run in the worst of all places; `make test-places` runs all lessons in each.
"""

import os
import shutil
import subprocess
import sys

import matplotlib
import pytest
from lessons import PATHS

from course_utils.graph import Variable
from course_utils.pictures import draw
from tools.refresh import ROOT

EVERY = bool(os.environ.get("EVERY_LESSON"))
LESSONS = PATHS if EVERY else [path for path in PATHS if path.name[:2] in {"00", "02"}]
HARD_PATH = "a folder, 길 이름 ' \" % # é"
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
NO_HOME = {"HOME": "/dev/null/none"}
PLACES = {
    "another folder": {},
    "a path with spaces and Korean letters": {"path": HARD_PATH},
    "a read-only folder": {"read_only": True},
    "the C locale": {"variables": C_LOCALE},
    "no home": {"variables": NO_HOME},
    "no network": {"network": False},
    "all at once": {
        "path": HARD_PATH,
        "read_only": True,
        "variables": C_LOCALE | NO_HOME,
        "network": False,
    },
}
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", ".*")
# A namespace in which the folder $1 is read-only, resp. that has no network, for the command.
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
NO_NETWORK = 'ip link set lo up && shift && exec "$@"'


class Place:
    """A copy of the course somewhere else, and what a Python started there finds around it."""

    def __init__(self, folder, path="course", variables=None, read_only=False, network=True):
        self.course, self.writable = folder / path, folder / "writable"
        for part in ("course_utils", "data", "notebooks", "tests", "tools"):
            shutil.copytree(ROOT / part, self.course / part, ignore=LEFT_BEHIND)
        (self.writable / "home").mkdir(parents=True)
        shutil.copytree(matplotlib.get_cachedir(), self.writable / "matplotlib")
        self.variables = self.surroundings() | (variables or {})
        self.prefix = namespace([], "-rm", READ_ONLY, self.course) if read_only else []
        if not network:
            self.prefix = namespace(self.prefix, "-rn", NO_NETWORK, self.course)

    def surroundings(self):
        """Return the variables of a Python that uses this copy, guarded."""
        kept = {name: os.environ[name] for name in ("PATH", *THREADS) if name in os.environ}
        return kept | {
            "PYTHONPATH": f"{self.course / 'tests' / 'guard'}{os.pathsep}{self.course}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GUARDED_FOLDER": str(self.writable),
            "MPLCONFIGDIR": str(self.writable / "matplotlib"),  # set by make, too
            "TMPDIR": str(self.writable),
            "HOME": str(self.writable / "home"),
        }

    def python(self, *arguments):
        """Return what a Python says that is started here, outside of the course's folder."""
        return subprocess.run(
            [*self.prefix, sys.executable, *map(str, arguments)],
            cwd=self.writable,
            env=self.variables,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )

    @property
    def refused(self):
        """What was tried and refused: changes outside of the writable folder, and the network."""
        note = self.writable / "refused"
        return note.read_text("utf-8") if note.exists() else ""


def namespace(prefix, kind, script, folder):
    """Return the command that starts another in a namespace, or `prefix` where that cannot be."""
    command = [*prefix, "unshare", kind, "sh", "-ec", script, "sh", str(folder)]
    try:
        possible = subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        possible = False
    return command if possible else prefix


USES = r"""
import sys
import course_utils
from course_utils.datasets import load_co2, load_digits, load_receipts
from course_utils.graph import Variable
from course_utils.pictures import draw

assert course_utils.__file__.startswith(sys.argv[1]), course_utils.__file__
print(len(load_co2()), len(load_digits()[0]), len(load_receipts()) > 0)
print(ascii(draw(Variable(2.0, "\uc0ac\uacfc") * 3.0).alt))
"""
SAYS = ["444 8000 True", ascii(draw(Variable(2.0, "사과") * 3.0).alt)]


@pytest.mark.parametrize("name", PLACES)
def test_data_and_pictures_are_at_hand(name, tmp_path):
    place = Place(tmp_path, **PLACES[name])
    run = place.python("-c", USES, place.course)
    assert (run.stdout.splitlines(), run.stderr) == (SAYS, "")
    assert place.refused == ""


@pytest.mark.parametrize("name", PLACES if EVERY else ["all at once"])
def test_lessons_show_there_what_is_stored(name, tmp_path):
    place = Place(tmp_path, **PLACES[name])
    notebooks = [place.course / "notebooks" / path.name for path in LESSONS]
    run = place.python(place.course / "tests" / "elsewhere.py", place.writable, *notebooks)
    assert (run.stdout.split(), run.returncode) == ([], 0), run.stderr
    assert place.refused == ""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("guarded"))


@pytest.mark.parametrize(
    ("attempt", "event"),
    [
        ("socket.create_connection(('192.0.2.1', 80), 1)", "socket.getaddrinfo"),
        ("socket.socket().connect(('192.0.2.1', 80))", "socket.connect"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 9))", "socket.sendto"),
        ("socket.getaddrinfo('example.org', 80)", "socket.getaddrinfo"),
        ("socket.gethostbyname('example.org')", "socket.gethostbyname"),
        ("open('../written', 'w')", "open"),
        ("open('../course/data/receipts.csv', 'a')", "open"),
        ("os.mkdir('../made')", "os.mkdir"),
        ("os.remove('../course/data/receipts.csv')", "os.remove"),
        ("os.rename('a', '../b')", "os.rename"),
        ("os.truncate('../course/data/receipts.csv', 0)", "os.truncate"),
        ("os.chmod('../course/data/receipts.csv', 0)", "os.chmod"),
        ("os.utime('../course/data/receipts.csv')", "os.utime"),
        ("os.rmdir('../course/data')", "os.rmdir"),
        ("sqlite3.connect('../history')", "sqlite3.connect"),
    ],
)
def test_the_guard_refuses(attempt, event, guarded):
    (guarded.writable / "refused").unlink(missing_ok=True)
    (guarded.writable / "a").touch()
    run = guarded.python("-c", f"import os, socket, sqlite3\n{attempt}")
    assert f"PermissionError: refused: {event} " in run.stderr
    assert guarded.refused.startswith(f"('{event}'")


def test_the_guard_lets_a_kernel_talk_to_its_own_machine_and_write_in_its_folder(guarded):
    (guarded.writable / "refused").unlink(missing_ok=True)
    listening = "server = socket.create_server(('127.0.0.1', 0))"
    talking = "socket.create_connection(('localhost', server.getsockname()[1]))"
    writing = "open('here', 'w').close(); open('../course/data/receipts.csv').close()"
    run = guarded.python("-c", f"import socket; {listening}; {talking}; {writing}")
    assert (run.returncode, guarded.refused) == (0, ""), run.stderr


IS_SO = {
    "read_only": "import os; print(bool(os.statvfs(sys.argv[1]).f_flag & os.ST_RDONLY))",
    "network": "import socket; print([name for _, name in socket.if_nameindex()] == ['lo'])",
}


@pytest.mark.parametrize(("change", "value"), [("read_only", True), ("network", False)])
def test_a_namespace_makes_it_so_where_there_is_one(change, value, tmp_path):
    place = Place(tmp_path, **{change: value})
    if not place.prefix:
        pytest.skip("this system gives no namespace; the guard refuses all the same")
    run = place.python("-c", f"import sys; {IS_SO[change]}", place.course)
    assert run.stdout == "True\n", run.stderr
