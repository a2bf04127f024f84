"""Block the network in a child process: this folder on PYTHONPATH is enough.

Package installers pass, so that a first start may still build its environments.
"""

import importlib.util
import os
import sys

INSTALLERS = {"pip", "pip3", "ensurepip", "__pip-runner__.py"}


def _is_installer() -> bool:
    parts = {part for argument in sys.orig_argv[1:4] for part in argument.split(os.sep)}
    return bool(parts & INSTALLERS)


def _block() -> None:
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "blockade.py")
    spec = importlib.util.spec_from_file_location("blockade", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install()


if not _is_installer():
    _block()
