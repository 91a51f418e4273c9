"""Who gets the newsletter, in the table: wishes that are not confirmed, readers by their pseudonyms, letters to all."""

from datetime import datetime

import msgspec

from chalicelib.domain.aggregate import Done, Stored
from chalicelib.domain.voices import mailing, signup
from chalicelib.storage.keys import Item, body, reader_key, readers_partition
from chalicelib.storage.kinds import AggregateStore, Kind
from chalicelib.storage.table import Table

SIGNUP = Kind(
    name="signup",
    type=signup.Signup,
    decide=signup.decide,
    end=Done(""),
    due_partitions=("due#signups",),
    kept_until=lambda one: None if one.outbox else one.asked + signup.OPEN_FOR,
)
MAILING = Kind(
    name="mailing",
    type=mailing.Mailing,
    decide=mailing.decide,
    end=Done(""),
    due_partitions=("due#mailings",),
    kept_until=lambda _: None,
)
PARTS = 8
"""Parts in which readers lie, so that no key holds all of them."""


class Reader(Stored, frozen=True):
    """Who gets the newsletter, and since when; `name` is the pseudonym of their mailbox, which the key has."""

    email: str
    lang: str
    since: datetime
    name: str = ""


class ReaderStore:
    """Those who get the newsletter."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.signups = AggregateStore(table, SIGNUP)
        self.mailings = AggregateStore(table, MAILING)

    def load(self, name: str) -> Reader | None:
        """Return the reader of this pseudonym."""
        item = self.table.get(_key(name))
        return _reader(item) if item else None

    def add(self, reader: Reader) -> None:
        """Put somebody among the readers; the same again changes their language alone."""
        record = msgspec.structs.replace(reader, name="")
        self.table.call(
            "update_item",
            Key=_key(reader.name),
            UpdateExpression="SET #body = :body",
            ExpressionAttributeNames={"#body": "body"},
            ExpressionAttributeValues={":body": body(record)},
        )

    def remove(self, name: str) -> None:
        """Take somebody from the readers, however often."""
        self.table.call("delete_item", Key=_key(name))

    def count(self) -> int:
        """Return how many there are, by a count of their parts."""
        return sum(map(self._count, range(PARTS)))

    def _count(self, part: int) -> int:
        """Pages of keys alone are large, so that there are few."""
        request: Item = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": readers_partition(part)}},
            "Select": "COUNT",
        }
        total = 0
        while True:
            page = self.table.call("query", **request)
            total += int(page["Count"])
            if "LastEvaluatedKey" not in page:
                return total
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def some(self, part: int, after: str, limit: int) -> list[Reader]:
        """Return so many readers of a part, by their names, behind `after`, as the last write left them."""
        found = self.table.call(
            "query",
            KeyConditionExpression="pk = :pk AND sk > :after",
            ExpressionAttributeValues={":pk": {"S": readers_partition(part)}, ":after": {"S": after or " "}},
            ConsistentRead=True,
            Limit=limit,
        )
        return [*map(_reader, found["Items"])]

    def take(self, name: str, mailing: str) -> bool:
        """Note that this letter to all goes to the reader now; False where it has, or where they have left."""
        return self.table.write(
            "update_item",
            Key=_key(name),
            UpdateExpression="SET mailed = :mailing",
            ConditionExpression="attribute_exists(pk) AND (attribute_not_exists(mailed) OR mailed <> :mailing)",
            ExpressionAttributeValues={":mailing": {"S": mailing}},
        )

    def put_back(self, name: str, mailing: str) -> None:
        """Take that note back, since the letter did not go out."""
        self.table.write(
            "update_item",
            Key=_key(name),
            UpdateExpression="REMOVE mailed",
            ConditionExpression="mailed = :mailing",
            ExpressionAttributeValues={":mailing": {"S": mailing}},
        )


def _key(name: str) -> Item:
    """Raises ValueError for what is no pseudonym."""
    return reader_key(int(name[:8], 16) % PARTS, name)


def _reader(item: Item) -> Reader:
    return msgspec.structs.replace(msgspec.json.decode(item["body"]["S"], type=Reader), name=item["sk"]["S"])
