#!/bin/sh
# Runs all tests but the browser's, and all notebooks, with other versions than the locked ones.
#
#   tools/versions.sh oldest [OPTIONS]    those in tools/oldest.txt
#   tools/versions.sh newest [OPTIONS]    the newest that pip finds
#
# PYTHON, where set, is the Python to run them with; each has two environments of its own in .venv.
# Numbers in stored outputs may differ in their last digits: see tools/nbval_tolerance.py.

set -e
end=$1
shift

# Compares stored outputs to the byte, which only the locked versions give.
options='--deselect tests/test_places.py::test_lessons_show_there_what_is_stored'
case $end in
oldest) # measures letters as the locked matplotlib lays them out; older ones make them wider
    options="$options --deselect tests/test_picture_words.py::test_a_picture_is_as_wide_as_its_letters"
    constraints='-c tools/oldest.txt' ;;
newest) constraints='' ;;
*) echo "tools/versions.sh: expected oldest or newest, got ${end:-nothing}" >&2; exit 2 ;;
esac

python=$(sh tools/environment.sh find_python)
if [ -z "$python" ]; then
    echo "No Python 3.11 to 3.14 was found${PYTHON:+ at $PYTHON}." >&2
    exit 1
fi
number=$("$python" -c 'import platform; print(platform.python_version())')
environment=.venv/$end-$number
packages=$(sed -n '/^ruff\|^playwright/d; s/^\([a-z]*\)==.*/\1/p' requirements*.txt)

pip() { "$environment/bin/python" -m pip --disable-pip-version-check "$@"; }

[ -x "$environment/bin/pip" ] || "$python" -m venv "$environment"
echo "Installing the $end versions into $environment ..."
pip install --quiet --upgrade --upgrade-strategy eager $packages $constraints
pip install --quiet --no-deps -e .
export MPLCONFIGDIR="$PWD/$environment/matplotlib" # its list of fonts, made before a lesson waits
"$environment/bin/python" -c 'import matplotlib.font_manager' >/dev/null 2>&1 || true
pip list --format freeze | grep -Ex "($(echo $packages jupyterlab | tr ' ' '|'))==.*"

exec "$environment/bin/python" -m pytest tests notebooks --ignore=tests/browser $options \
    --nbval --nbval-current-env --nbval-cell-timeout 60 -p tools.nbval_tolerance "$@"
