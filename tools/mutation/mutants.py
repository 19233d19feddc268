"""Does a test see every mistake? Cosmic Ray makes them on purpose, one at a time, in a copy.

    mutants.py                          every module that mutants.toml lists
    mutants.py graph.py nodes/node.py   these

What was killed stays so in .venv/mutants until its module changes or that folder is removed, so a
run that was interrupted goes on; what survived is tried again. A survivor that no test can kill is
in equivalents.toml, with the reason. The status is 1 if there is any other. Linux and macOS only.
"""

import gc
import hashlib
import os
import resource
import shutil
import sqlite3
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from cosmic_ray import mutating
from cosmic_ray.commands import execute, init
from cosmic_ray.config import load_config
from cosmic_ray.tools.filters.operators_filter import OperatorsFilter
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import TestOutcome

HERE = Path(__file__).resolve().parent
ROOT, CONFIG = HERE.parents[1], HERE / "mutants.toml"
WORK = ROOT / ".venv/mutants"
TESTS = tomllib.loads(CONFIG.read_text("utf-8"))["tests"]
GROUPS = tomllib.loads((HERE / "equivalents.toml").read_text("utf-8"))["equivalent"]
EQUIVALENT = {change for group in GROUPS for change in group["changes"]}
FLAGS = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:nbval"]
MEMORY = 4 * 2**30  # bytes; a loop without an end may ask for all there is


def main(modules):
    """Try the mutants of these modules, as many at a time as there are cores; say who survived."""
    if unknown := set(modules) - set(TESTS):
        raise SystemExit(f"mutants.toml lists no {', '.join(unknown)}, but {', '.join(TESTS)}")
    modules = [name for name in TESTS if name in modules or not modules]
    tests, workers = [TESTS[name] for name in modules], min(len(modules), os.cpu_count() or 1)
    WORK.mkdir(exist_ok=True)
    with (
        TemporaryDirectory(dir=WORK) as copies,
        ProcessPoolExecutor(workers, get_context("fork"), settle, [copies, tests]) as pool,
    ):
        tasks = as_completed([pool.submit(outcomes_of, module) for module in modules])
        return any([report(*task.result()) for task in tasks])


def settle(copies, tests):
    """Copy the course, and load whatever its tests import, but nothing of the course itself."""
    copy = Path(copies, str(os.getpid()))
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "build"))
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        pytest.main([*FLAGS, "--collect-only", *files(" ".join(tests))])
    from hypothesis import Phase, settings  # pytest wants to be the first to import it

    settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None)
    settings.load_profile("mutants")  # a failure need not be made smaller
    for name, module in list(sys.modules.items()):
        if str(copy) in (getattr(module, "__file__", None) or ""):
            del sys.modules[name]
    gc.freeze()  # pytest collects garbage three times a run; what is loaded is none
    mutating.run_tests = run_tests


def files(names):
    """Return the test files of these names."""
    return [f"tests/test_{name}.py" for name in dict.fromkeys(names.split())]


def run_tests(names, seconds):
    """Run tests as Cosmic Ray's own function does, in a copy of this process: NumPy is loaded."""
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        sys.dont_write_bytecode = True
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            os._exit(any(pytest.main([*FLAGS, file]) for file in files(names)))
    _, status = os.waitpid(child, 0)
    return TestOutcome.KILLED if status else TestOutcome.SURVIVED, ""


def outcomes_of(module):
    """Return a module and what became of its mutants: [(what was changed, whether it survived)]."""
    config = load_config(CONFIG)
    config["test-command"] = TESTS[module]
    if run_tests(TESTS[module], config.timeout)[0] is not TestOutcome.SURVIVED:
        raise RuntimeError(f"the tests of {module} fail without any mutant: {TESTS[module]}")
    with use_db(session(module, config)) as db:
        execute(db, config)
        done = [pair for pair in db.completed_work_items if pair[1].test_outcome]
    return module, [
        (changed(module, item, result), result.test_outcome is not TestOutcome.KILLED)
        for item, result in done
    ]


def session(module, config):
    """Return the file of a module's mutants, without the results of those that survived."""
    path, name = Path("course_utils", module), module.replace("/", "_")
    what = path.read_bytes() + repr(config.sub("filters")).encode()
    file = WORK / f"{name}-{hashlib.sha256(what).hexdigest()[:12]}.sqlite"
    if not file.exists():
        for old in WORK.glob(f"{name}-*"):
            old.unlink()
        with use_db(file.with_suffix(".new")) as db:
            init([path], db, {})
            OperatorsFilter().filter(db, SimpleNamespace(config=CONFIG))
        file.with_suffix(".new").rename(file)
    with sqlite3.connect(file) as results:
        results.execute("DELETE FROM work_results WHERE test_outcome != 'KILLED'")
    return file


def changed(module, item, result):
    """Return where and what a mutant changed: module, function, the line before and after."""
    lines = (result.diff or "").splitlines()[4:]
    before, after = (" ".join(x[1:].strip() for x in lines if x.startswith(k)) for k in "-+")
    return f"{module} {item.mutations[0].definition_name}: {before} → {after}"


def report(module, outcomes):
    """Print a module's numbers and survivors; return whether the list of equivalents is at odds."""
    survivors = [change for change, survived in outcomes if survived]
    unseen = sorted(set(survivors) - EQUIVALENT)
    stale = sorted(x for x in EQUIVALENT - set(survivors) if x.startswith(f"{module} "))
    excused = sum(change in EQUIVALENT for change in survivors)
    killed, others = len(outcomes) - len(survivors), len(survivors) - excused
    counts = f"{killed:4} killed, {excused:2} equivalent, {others:2} survived"
    print(f"{module:21} {len(outcomes):4} mutants: {counts}")
    for title, changes in (("SURVIVED", unseen), ("LISTED, but killed or gone", stale)):
        print(*(f"    {title}: {change}\n" for change in changes), sep="", end="", flush=True)
    return bool(unseen or stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
