"""Makes moto copy a table once for each transaction, and not once for each of its writes.

It keeps the copy to put it back where the transaction fails, and makes all of them before it writes anything, so that
one is as good as many. A checkout writes eight items or more, so much of the time of tests went into copies.
"""

import copy
import threading
from types import SimpleNamespace
from typing import Any

from moto.dynamodb import models
from moto.dynamodb.models.table import Table

_local = threading.local()


def deepcopy(thing: Any) -> Any:
    """Copy as `copy.deepcopy` does, a table once a transaction."""
    made: dict[int, Any] | None = getattr(_local, "made", None)
    if made is None or not isinstance(thing, Table):
        return copy.deepcopy(thing)
    if id(thing) not in made:
        made[id(thing)] = copy.deepcopy(thing)
    return made[id(thing)]


def install() -> None:
    """Have moto copy so from now on, in this process."""
    if isinstance(models.copy, SimpleNamespace):
        return
    original = models.DynamoDBBackend.transact_write_items

    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        _local.made = {}
        try:
            original(self, transact_items)
        finally:
            _local.made = None

    models.copy = SimpleNamespace(deepcopy=deepcopy, copy=copy.copy)  # type: ignore[assignment]
    models.DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]
