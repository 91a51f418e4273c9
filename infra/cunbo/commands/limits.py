"""The command `limits`: what a surge needs of AWS, by the model."""

from argparse import ArgumentParser, Namespace

from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.model.report import report
from cunbo.operations.stock import orders_a_second


def add_limits(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo limits`."""
    command.add_argument("rate", nargs="?", metavar="ORDERS_PER_SECOND", help="of one SKU (default: tables of many)")
    command.set_defaults(run=_limits)


def _limits(typed: Namespace, _: Paths) -> int:
    note(report(orders_a_second(typed.rate) if typed.rate is not None else None))
    return 0
