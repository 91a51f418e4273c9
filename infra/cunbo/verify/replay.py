"""Replays what was explored on a real table: each call that a use case made of it must be answered, and write, alike.

The use cases themselves are the same code in both; so where each of their calls comes to the same on a real table, each
edge of the model does. A call that many edges make of the same table is replayed once for all of them. What moves no
table (time, a process that dies, the world outside) has nothing to replay.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from cunbo.verify.memory import Item, Items, Key
from cunbo.verify.process import WRITES, CallRecord, answered, bytes_of
from cunbo.verify.shop import ShopModel

MOST_ITEMS = 100
"""Items that DynamoDB writes in one call."""


class Replayed(msgspec.Struct, frozen=True):
    """What was replayed: so many different `reads` and `writes`; `differs` says where the table did something else."""

    reads: int
    writes: int
    differs: str | None = None


class RealTable:
    """A table through a botocore client, and what lies in it, so that it can be brought to any state."""

    def __init__(self, client: Any, name: str) -> None:
        self.client, self.name = client, name
        self.items: dict[Key, Item] = {}

    def bring_to(self, items: Items) -> None:
        """Make the table hold just these items."""
        gone = [
            {"Delete": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in self.items if (pk, sk) not in items
        ]
        put = [{"Put": {"Item": item}} for key, item in items.items() if self.items.get(key) != item]
        writes: list[Item] = [*gone, *put]
        for first in range(0, len(writes), MOST_ITEMS):
            named = [
                {action: {"TableName": self.name, **body} for action, body in write.items()}
                for write in writes[first : first + MOST_ITEMS]
            ]
            self.client.transact_write_items(TransactItems=named)
        self.items = dict(items)

    def look(self) -> Items:
        """Return what the table holds."""
        found = self.client.scan(TableName=self.name, ConsistentRead=True)["Items"]
        self.items = {(item["pk"]["S"], item["sk"]["S"]): item for item in found}
        return self.items


def replay(model: ShopModel, client: Any, table: str, seen: Callable[[int, int], None] = lambda *_: None) -> Replayed:
    """Replay all that the model's exploration has asked of its table, on one that is empty, of the name `table`.

    `seen` is told how many calls are done, and of how many.
    """
    real = RealTable(client, table)
    counts = {True: 0, False: 0}
    by_table: dict[bytes, list[CallRecord]] = defaultdict(list)
    for (digest, _), asked in model.asked.items():
        by_table[digest].append(asked)
    for digest, calls in by_table.items():
        for asked, differs in _replayed(model, real, model.snapshots[digest].items, calls):
            counts[asked.call[0] in WRITES] += 1
            if differs:
                return Replayed(counts[False], counts[True], differs)
            seen(sum(counts.values()), len(model.asked))
    return Replayed(counts[False], counts[True])


def _replayed(
    model: ShopModel, real: RealTable, items: Items, calls: list[CallRecord]
) -> Iterator[tuple[CallRecord, str | None]]:
    """Reads first, since they leave the table as it is."""
    for asked in sorted(calls, key=lambda one: one.call[0] in WRITES):
        real.bring_to(items)
        answer = answered(real.client, asked.call, 0)
        differs = None
        if bytes_of((answer.found, answer.error)) != bytes_of((asked.answer.found, asked.answer.error)):
            differs = f"{asked.call} is answered {answer}, and not {asked.answer}"
        elif asked.call[0] in WRITES and (found := real.look()) and model.digest(found) != asked.after:
            differs = f"{asked.call} leaves {_difference(found, model.snapshots[asked.after].items)}"
        yield asked, differs


def _difference(found: Items, wanted: Items) -> str:
    differs = [key for key in sorted({*found, *wanted}) if found.get(key) != wanted.get(key)]
    return "; ".join(f"{found.get(key)}, and not {wanted.get(key)}" for key in differs)
