"""Runs the notebook on standard input with nbclient and writes the executed one to standard output."""

import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.stdin, as_version=4)
NotebookClient(notebook, kernel_name="assay", timeout=120, allow_errors=True).execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.stdout)
