#!/bin/sh
# Puts what the conformance tests speak to into .venv and .venv-peers: Jupyter's clients and its kernel tests, llama-cpp-python's server
# (built from source: cmake and a C++ compiler are needed, about ten minutes on two cores), the litellm proxy.
set -eu
cd "$(dirname "$0")/../.."

llama='llama-cpp-python[server]==0.3.36'
litellm='litellm[proxy]==1.105.2'

[ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv

have() { # distribution, version
	.venv/bin/python -c "import importlib.metadata as m, sys; sys.exit(m.version('$1') != '$2')" 2>/dev/null
}

have jupyter_client 8.10.0 && have jupyter_kernel_test 0.7.0 && have nbclient 0.11.0 ||
	.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		jupyter_client==8.10.0 jupyter_kernel_test==0.7.0 nbclient==0.11.0

have llama-cpp-python 0.3.36 ||
	CMAKE_ARGS="${CMAKE_ARGS:--DLLAVA_BUILD=OFF}" .venv/bin/python -m pip install --quiet --disable-pip-version-check "$llama"
have litellm 1.105.2 || .venv/bin/python -m pip install --quiet --disable-pip-version-check "$litellm"

# Hugging Face's transformers beside Debian's PyTorch (python3-torch), whose version the newer ones do not take.
debian=/usr/bin/python3
if "$debian" -c 'import torch' 2>/dev/null; then
	[ -x .venv-peers/bin/python ] || "$debian" -m venv --system-site-packages .venv-peers
	.venv-peers/bin/python -c 'import transformers, sys; sys.exit(transformers.__version__ != "4.44.2")' 2>/dev/null ||
		.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check transformers==4.44.2 'numpy<2'
fi
