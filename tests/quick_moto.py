"""Makes moto quicker where most of the tests' time went, without another answer.

A transaction copies the whole table for each of its writes, to put it back where it fails: here it copies the items that
the transaction names, once. And of each value of an item moto looks for all ten types that it might be of, each under
several spellings: here it takes the one that is there.
"""

import copy
import threading
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from moto.core import models as core
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.models.table import Table

TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
"""What an AttributeValue of DynamoDB may hold: exactly one of these."""
_local = threading.local()


def deepcopy(thing: Any) -> Any:
    """Copy as `copy.deepcopy` does; within a transaction a table once, and of it the items that are written."""
    made: dict[int, Any] | None = getattr(_local, "made", None)
    if made is None or not isinstance(thing, Table):
        return copy.deepcopy(thing)
    if id(thing) not in made:
        made[id(thing)] = _copied(thing, _local.keys)
    return made[id(thing)]


def _copied(table: Table, keys: frozenset[tuple[str, ...]]) -> Table:
    made = copy.copy(table)
    made.items = copy.copy(table.items)
    for name, found in made.items.items():
        if table.range_key_attr is None:
            made.items[name] = copy.deepcopy(found) if (name.value,) in keys else found
        else:
            written = {sort: copy.deepcopy(item) for sort, item in found.items() if (name.value, sort.value) in keys}
            made.items[name] = {**found, **written}
    return made


def _key(write: Mapping[str, Any]) -> tuple[str, ...]:
    request = next(iter(write.values()))
    found = request.get("Key") or request.get("Item", {})
    return tuple(next(iter(found[name].values())) for name in ("pk", "sk") if name in found)


def install() -> None:
    """Have moto do so from now on, in this process."""
    if isinstance(models.copy, SimpleNamespace):
        return
    transact, picked = models.DynamoDBBackend.transact_write_items, ResponseSerializer.get_value

    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        _local.made, _local.keys = {}, frozenset(map(_key, transact_items))
        try:
            transact(self, transact_items)
        finally:
            _local.made = None

    def get_value(self: Any, value: Any, key: str, shape: Any) -> Any:
        if type(value) is dict and len(value) == 1 and not TYPES.isdisjoint(value):
            return value.get(key)
        return picked(self, value, key, shape)

    core.RESPONSES_METHODS = []
    models.copy = SimpleNamespace(deepcopy=deepcopy, copy=copy.copy)  # type: ignore[assignment]
    models.DynamoDBBackend.transact_write_items = transact_write_items  # type: ignore[method-assign]
    ResponseSerializer.get_value = get_value  # type: ignore[method-assign]
