#!/bin/sh
# Creates .venv unless it works, and installs one file of locked requirements into it. Called by the Makefile.
set -u
PYTHON=${PYTHON:-python3}
refuse() { echo "$*" >&2; exit 1; }

[ -w . ] || refuse "The folder $(pwd) cannot be written: move Medspil to a folder of your own."
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  command -v "$PYTHON" >/dev/null 2>&1 || refuse "Python is not here ($PYTHON): install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse "$("$PYTHON" --version 2>&1) is too old: Medspil needs Python 3.11 or newer; name one: make PYTHON=python3.11"
  echo "Creating the virtual environment ..."
  said=$("$PYTHON" -m venv --clear .venv 2>&1) ||
    refuse "The virtual environment could not be made here ($(printf '%s' "$said" | tail -1)); on Debian and Ubuntu: apt install python3-venv"
else
  echo "Updating the virtual environment ..."
fi
.venv/bin/python "$(dirname "$0")/install.py" "$1"
