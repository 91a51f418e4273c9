"""A table in memory that does what the shop asks of DynamoDB: conditional writes of one item or of several at once.

It stands where a botocore client stands, so the shop's own storage runs on it. It knows the expressions that the shop
writes and refuses any other; that it does the same as a real table is what replay.py shows. A condition can be switched
off by its name, such as "shard: units >= :net": so is seen what it is there for.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from operator import eq, ge, gt, le, lt
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Key = tuple[str, str]
Items = Mapping[Key, Item]

COMPARE = {"=": eq, "<": lt, ">": gt, "<=": le, ">=": ge}
EXISTS = re.compile(r"attribute_(not_)?exists\((#?\w+)\)")
COMPARISON = re.compile(r"(#?\w+) (=|<=|>=|<|>) (:\w+)")
SETTING = re.compile(r"(#?\w+) = (?:if_not_exists\((#?\w+), (:\w+)\) \+ |(#?\w+) \+ )?(:\w+)(?:, |$)")
ADDING = re.compile(r"(#?\w+) (:\w+)(?:, |$)")
SECTION = re.compile(r"(SET|ADD|REMOVE) (.+?)(?= ADD | REMOVE |$)")
QUERY = re.compile(r"(\w+) = :\w+(?: AND sk >= (:\w+))?")

Test = Callable[[Item, Mapping[str, Any]], bool]


class MemoryTable:
    """The items of one table, by key. None is ever changed in place: what was read stays as it was read."""

    def __init__(self, items: Items, off: Collection[str] = (), met: set[str] | None = None) -> None:
        self.items: dict[Key, Item] = dict(items)
        self.off, self.met = off, met

    # ---- Reading ----

    def get_item(self, Key: Item, **_: Any) -> Item:  # noqa: N803 - as botocore names it
        """Return the item of a key, as botocore's client does."""
        item = self.items.get(_name(Key))
        return {"Item": item} if item else {}

    def batch_get_item(self, RequestItems: Item, **_: Any) -> Item:  # noqa: N803
        """Return the items of several keys."""
        found = {
            table: [self.items[_name(key)] for key in wanted["Keys"] if _name(key) in self.items]
            for table, wanted in RequestItems.items()
        }
        return {"Responses": found, "UnprocessedKeys": {}}

    def query(self, KeyConditionExpression: str, ExpressionAttributeValues: Item, **more: Any) -> Item:  # noqa: N803
        """Return the items of one partition, of the table or of an index, in their order."""
        found = QUERY.fullmatch(KeyConditionExpression)
        if not found:
            raise NotImplementedError(KeyConditionExpression)
        name, first = found.groups()
        wanted = next(iter(ExpressionAttributeValues.values()))["S"]
        items = [item for item in self.items.values() if item.get(name, {}).get("S") == wanted]
        if first:
            items = [item for item in items if item["sk"]["S"] >= ExpressionAttributeValues[first]["S"]]
        by = "due_at" if more.get("IndexName") == "due" else "sk"
        return {"Items": sorted(items, key=lambda item: (item[by]["S"], item["pk"]["S"]))}

    def scan(self, **_: Any) -> Item:
        """Return all items."""
        return {"Items": [*self.items.values()]}

    # ---- Writing ----

    def put_item(self, **request: Any) -> Item:
        """Write an item whole, if its condition holds."""
        return self._alone("Put", request)

    def update_item(self, **request: Any) -> Item:
        """Change an item, if its condition holds."""
        return self._alone("Update", request)

    def delete_item(self, **request: Any) -> Item:
        """Delete an item, if its condition holds."""
        return self._alone("Delete", request)

    def transact_write_items(self, TransactItems: list[Item], **_: Any) -> Item:  # noqa: N803
        """Write all of it, if all conditions hold, or nothing."""
        actions = [next(iter(item.items())) for item in TransactItems]
        reasons = [self._refusal(request) for _, request in actions]
        if any(reason["Code"] != "None" for reason in reasons):
            error = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons}
            raise ClientError(error, "TransactWriteItems")  # type: ignore[arg-type]
        if len({_of(request) for _, request in actions}) < len(actions):
            raise ValueError("a transaction names an item twice")
        for action, request in actions:
            self._write(action, request)
        return {}

    def _alone(self, action: str, request: Item) -> Item:
        if self._refusal(request)["Code"] != "None":
            code = "ConditionalCheckFailedException"
            raise ClientError({"Error": {"Code": code, "Message": ""}}, action)
        self._write(action, request)
        return {}

    def _refusal(self, request: Item) -> Item:
        condition = request.get("ConditionExpression")
        if not condition:
            return {"Code": "None"}
        name = condition_name(request)
        if self.met is not None:
            self.met.add(name)
        found = self.items.get(_of(request))
        if name in self.off or _condition(condition)(found or {}, _Values(request)):
            return {"Code": "None"}
        reason: Item = {"Code": "ConditionalCheckFailed"}
        if found and request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            reason["Item"] = found
        return reason

    def _write(self, action: str, request: Item) -> None:
        key = _of(request)
        if action == "Put":
            self.items[key] = request["Item"]
        elif action == "Delete":
            self.items.pop(key, None)
        elif action == "Update":
            self.items[key] = _updated(self.items.get(key) or dict(request["Key"]), request)


def condition_name(request: Item) -> str:
    """Return the name of a write's condition: the kind of its item, and what is demanded of it."""
    return f"{kind_of_item(*_of(request))}: {request['ConditionExpression']}"


def kind_of_item(pk: str, sk: str) -> str:
    """Return what kind of item a key is of, in a word."""
    kind = pk.partition("#")[0]
    if kind != "stock":
        return kind
    if not sk[0].isdigit():
        return sk.partition("#")[0]
    return "shard" if "#" in sk else "batch"


class _Values(Mapping[str, Any]):
    """The values of a request's expressions by their names, and the attributes that its names stand for."""

    def __init__(self, request: Item) -> None:
        self.names = request.get("ExpressionAttributeNames", {})
        self.values_: Item = request.get("ExpressionAttributeValues", {})

    def __getitem__(self, name: str) -> Any:
        return self.names.get(name, name) if name[0] != ":" else _plain(self.values_[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


@cache
def _condition(expression: str) -> Test:
    """Return what tests an item for a condition: terms that are joined by AND, or by OR, and never by both."""
    if " OR " in expression:
        some = [_term(term) for term in expression.split(" OR ")]
        return lambda item, values: any(test(item, values) for test in some)
    every = [_term(term) for term in expression.split(" AND ")]
    return lambda item, values: all(test(item, values) for test in every)


def _term(term: str) -> Test:
    if found := EXISTS.fullmatch(term):
        absent, name = bool(found[1]), found[2]
        return lambda item, values: (values[name] in item) is not absent
    if found := COMPARISON.fullmatch(term):
        name, compare, value = found[1], COMPARE[found[2]], found[3]
        return lambda item, values: values[name] in item and bool(compare(_plain(item[values[name]]), values[value]))
    raise NotImplementedError(term)


def _updated(item: Item, request: Item) -> Item:
    after, values = dict(item), _Values(request)
    expression = request["UpdateExpression"]
    for section, body in SECTION.findall(expression):
        if section == "REMOVE":
            for name in body.split(", "):
                after.pop(values[name], None)
        elif section == "ADD":
            for name, value in ADDING.findall(body):
                after[values[name]] = {"N": str(_number(item, values[name]) + values[value])}
        else:
            for name, default, _, base, value in SETTING.findall(body):
                if default:
                    after[values[name]] = {"N": str(_number(item, values[default]) + values[value])}
                elif base:
                    after[values[name]] = {"N": str(int(item[values[base]]["N"]) + values[value])}
                else:
                    after[values[name]] = values.values_[value]
    return after


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _plain(value: Item) -> Any:
    ((kind, plain),) = value.items()
    return int(plain) if kind == "N" else plain


def _name(key: Item) -> Key:
    return key["pk"]["S"], key["sk"]["S"]


def _of(request: Item) -> Key:
    return _name(request["Item"] if "Item" in request else request["Key"])
