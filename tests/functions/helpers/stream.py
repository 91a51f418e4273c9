"""The stream of a world's table, as its consumer is told of orders: what each was, and what it has become."""

from typing import TYPE_CHECKING, Any

from chalicelib.services.desk.search.index import keep_findable

from tests.functions.helpers.world import World

if TYPE_CHECKING:
    from chalicelib.storage.keys import Item


class Stream:
    """Tells of orders that have changed since it was last asked; what happened between two looks is one change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: dict[str, Item] = {}
        self.noted: list[dict[str, Any]] = []

    def note(self) -> None:
        """Looks at what has changed, and keeps a record of each."""
        for item in [*self.world.store.everything()]:
            key = item["pk"]["S"]
            if item["sk"]["S"] != "order" or self.seen.get(key) == item:
                continue
            told = {"SequenceNumber": f"{len(self.noted) + 1:021}", "NewImage": item}
            if key in self.seen:
                told["OldImage"] = self.seen[key]
            self.noted.append({"dynamodb": told})
            self.seen[key] = item

    def records(self) -> list[dict[str, Any]]:
        """All records that nobody has taken yet."""
        self.note()
        records, self.noted = self.noted, []
        return records

    def consume(self) -> None:
        """Has the search's consumer deal with them."""
        self.take(self.records())

    def take(self, records: list[dict[str, Any]]) -> None:
        """Has the search's consumer deal with these."""
        keep_findable(self.world.store.search, self.world.keys, records)
