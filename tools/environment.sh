#!/bin/sh
# Makes and mends .venv, the environment that every task of the Makefile runs in.
#
#   tools/environment.sh usable                  is there a .venv that can be used as it is?
#   tools/environment.sh install REQUIREMENTS    make or mend it, then install what the file lists
#
# PYTHON, where set, is the Python to make it with.

unset PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS

supported='import sys; sys.exit(sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] <= (3, 14))'
version='import sys; print(*sys.version_info[:2], sep=".")'
venv_python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }

is_supported() { "$1" -c "$supported" </dev/null >/dev/null 2>&1; }

can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the first supported Python that can make an environment, else the first supported one.
find_python() {
    second_best=
    if [ -n "$PYTHON" ]; then set -- "$PYTHON"
    else set -- python3 python3.14 python3.13 python3.12 python3.11 python
    fi
    for candidate; do
        is_supported "$candidate" || continue
        if can_make_venv "$candidate"; then printf '%s\n' "$candidate"; return; fi
        : "${second_best:=$candidate}"
    done
    printf '%s\n' "$second_best"
}

# A .venv of a supported Python, of $PYTHON's version where one is named, and still where it was made.
usable() {
    is_supported "$venv_python" || return 1
    [ ! -f .venv/made-in ] || [ "$(cat .venv/made-in)" = "$(pwd -P)" ] || return 1
    [ -z "$PYTHON" ] || [ "$("$PYTHON" -c "$version" 2>/dev/null)" = "$("$venv_python" -c "$version")" ]
}

make_venv() {
    python=$(find_python)
    if [ -z "$python" ]; then
        say "No Python 3.11 to 3.14 was found${PYTHON:+ at $PYTHON}:" \
            "install one, or name yours: make PYTHON=/path/to/python3 lab"
        return 1
    fi
    if ! can_make_venv "$python"; then
        say "Python's venv module is incomplete: run 'sudo apt install python3-venv'" \
            "(for another Python than the system's: python$("$python" -c "$version")-venv), then make again."
        return 1
    fi
    say "Making .venv with Python $("$python" -c "$version") ..."
    "$python" -m venv --clear .venv
}

install() {
    usable && "$venv_python" -m pip --version >/dev/null 2>&1 || make_venv || return 1
    pwd -P >.venv/made-in
    say "Installing $1 into .venv (once; about a minute) ..."
    if ! "$venv_python" -m pip install --quiet --disable-pip-version-check -r "$1"; then
        say "Not everything could be installed: check the network, then run make again."
        return 1
    fi
    # Matplotlib lists the fonts at its first import, and may say so: not in a lesson.
    "$venv_python" -c 'import matplotlib.font_manager' >/dev/null 2>&1
}

"$@"
