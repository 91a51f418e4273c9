"""What the stream tells its second consumer, made of the table as it was and as it is."""

from typing import TYPE_CHECKING, Any

from chalicelib.services.payments.ledger import keep

from tests.functions.helpers.world import World

if TYPE_CHECKING:
    from chalicelib.storage.keys import Item


class Stream:
    """The records of all that has changed in a world since it was last read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: dict[str, Item] = {}
        self.records: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """Return what has changed of orders and stray money."""
        fresh = []
        for item in self.world.store.everything():
            key = item["pk"]["S"]
            if item["sk"]["S"] in ("order", "stray") and item != self.seen.get(key):
                told = {"SequenceNumber": f"{len(self.records) + len(fresh):021}", "NewImage": item}
                fresh.append({"dynamodb": told | ({"OldImage": self.seen[key]} if key in self.seen else {})})
                self.seen[key] = item
        self.records += fresh
        return fresh

    def keep(self) -> None:
        """Have the ledger kept of what has changed."""
        keep(self.world.store.ledger, self.read())
