"""Which stack a command acts on: the local one while it runs, or a deployed stage, named by `--stage`."""

from argparse import ArgumentParser

from cunbo.core.cloud import Cloud
from cunbo.core.paths import Paths
from cunbo.deploy.package import LOCAL
from cunbo.deploy.stack import Stack
from cunbo.local.stack import running
from cunbo.operations.shop import ShopOperations


def add_stage(command: ArgumentParser) -> None:
    """Add `--stage`, which every command has that acts on a stack."""
    command.add_argument("--stage", metavar="NAME", help="a deployed stage (default: the local stack)")


def target(paths: Paths, stage: str | None) -> tuple[Cloud, Stack]:
    """Return the stack of `stage`, None for the local one; raises Refusal where that does not run."""
    cloud = running(paths).cloud if stage in (None, LOCAL) else Cloud()
    return cloud, Stack(cloud, stage or LOCAL)


def operations(paths: Paths, stage: str | None) -> ShopOperations:
    """Return the stock of `stage`; raises Refusal where there is none."""
    cloud, stack = target(paths, stage)
    return ShopOperations(cloud.client("dynamodb"), stack.outputs()["TableName"])
