"""execute.py SOURCE TARGET: executes a notebook in the current folder and writes it with its outputs.

Cells are named by their place and no time of day is kept, so that equal outputs are equal bytes.
"""

import sys
import tempfile

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
with tempfile.TemporaryDirectory() as sockets:
    # Socket files instead of ports: nothing listens on the network.
    kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
    NotebookClient(notebook, km=kernel, record_timing=False, timeout=1800).execute()
for place, cell in enumerate(notebook.cells):
    cell["id"] = f"cell-{place}"
nbformat.write(notebook, target)
