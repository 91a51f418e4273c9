"""The command `bench`: measures the shop on this machine."""

from argparse import ArgumentParser, Namespace

from cunbo.bench import bench
from cunbo.core.paths import Paths


def add_bench(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo bench`."""
    command.set_defaults(run=_bench)


def _bench(_: Namespace, paths: Paths) -> int:
    bench(paths)
    return 0
