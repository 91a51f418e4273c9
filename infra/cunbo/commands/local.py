"""Commands on the local stack: `up` runs the whole shop on this machine, `reset` throws away what it keeps."""

import os
from argparse import ArgumentParser, Namespace

from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.local.stack import reset
from cunbo.local.up import up


def add_up(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo up`."""
    command.set_defaults(run=_up)


def add_reset(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo reset`."""
    command.set_defaults(run=_reset)


def _up(_: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        up(paths, os.environ)
    return 0


def _reset(_: Namespace, paths: Paths) -> int:
    reset(paths)
    note("The local stack's orders, stock and letters are gone; the next `make up` starts with the village's batches.")
    return 0
