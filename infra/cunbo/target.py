"""Which stack a command acts on: the local one while it runs, or a deployed stage."""

from cunbo.cloud import Cloud
from cunbo.house import House
from cunbo.local import running
from cunbo.package import LOCAL
from cunbo.stack import Stack
from cunbo.stock import Warehouse


def warehouse(house: House, stage: str | None) -> Warehouse:
    """The stock of `stage`, None for the local stack; raises Refusal where there is none."""
    cloud = Cloud(running(house)["aws"]) if stage in (None, LOCAL) else Cloud()
    outputs = Stack(cloud, stage or LOCAL).outputs()
    return Warehouse(cloud.client("dynamodb"), outputs["TableName"])
