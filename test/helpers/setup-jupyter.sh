#!/bin/sh
# Puts today's JupyterLab, Notebook, nbclient and nbconvert into .venv-jupyter, apart from the servers of the conformance
# tests, whose versions are pinned by litellm. About a minute.
set -eu
cd "$(dirname "$0")/../.."

wanted='jupyterlab==4.6.6 notebook==7.6.5 nbclient==0.11.0 nbconvert==7.17.2 ipykernel==7.4.0'

[ -x .venv-jupyter/bin/python ] || "${PYTHON:-python3}" -m venv .venv-jupyter
[ "$(cat .venv-jupyter/wanted 2>/dev/null)" = "$wanted" ] || {
	# shellcheck disable=SC2086 # a list
	.venv-jupyter/bin/python -m pip install --quiet --disable-pip-version-check $wanted
	echo "$wanted" >.venv-jupyter/wanted
}
