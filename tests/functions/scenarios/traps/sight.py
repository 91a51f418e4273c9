"""What a test sees of a table: the transactions that are asked for, and everything that lies in it."""

from typing import Any

from tests.functions.helpers.world import World


def watch(world: World) -> list[list[dict[str, Any]]]:
    """The actions of each transaction that the world asks for from now on."""
    seen: list[list[dict[str, Any]]] = []
    world.client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: seen.append([next(iter(item.values())) for item in params["TransactItems"]]),
    )
    return seen


def everything_in(world: World) -> list[dict[str, Any]]:
    items = world.client.scan(TableName=world.store.table.name)["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
