"""keys.py describes every item of the table: each key that it makes, and each item that a shop writes."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import QueueEntry
from chalicelib.storage import keys
from chalicelib.storage.keys import INDEXES, ITEMS

from tests.functions.helpers.world import JAR, NOON, World, day
from tests.functions.storage.described import described

MakeWorld = Callable[..., World]
DROP = Drop("evening", JAR, "cabbage-1", 1990, 3, NOON, NOON)
MADE: dict[str, list[tuple[Any, ...]]] = {
    "aggregate_key": [
        (kind, "1" * 20) for kind in ("order", "search", "stray", "waiter", "signup", "mailing", "invoice")
    ],
    "order_key": [("1" * 20,)],
    "batch_key": [(JAR, day(2)), (DROP.shelf, day(2))],
    "shard_key": [((JAR, day(2), 0),), ((DROP.shelf, day(2), 99),)],
    "drop_key": [(JAR, "evening")],
    "amendments_key": [(JAR,)],
    "archive_key": [(DROP,)],
    "sku_key": [(JAR,)],
    "rate_key": [(JAR,)],
    "done_key": [("more-1",)],
    "claim_key": [(of, NOON, "1" * 20, "0" * 16) for of in ("open", "ended", f"{JAR}#{day(2)}")],
    "questions_key": [(JAR, day(2)), ("*", day(2))],
    "shown_key": [("0123456789abcdef",)],
    "queue_key": [(JAR,)],
    "entry_key": [(JAR, QueueEntry(NOON, "2" * 20, 1, fewer=False))],
    "account_key": [((f"{JAR}|{day(2)}", "b" * 32),), ((DROP.shelf, "b" * 32),)],
    "tab_key": [("t" * 32,)],
    "network_key": [("n" * 32,)],
    "asked_key": [("w" * 32, NOON)],
    "room_key": [("cabbage-1",)],
    "show_key": [("cabbage-1", "20261124040000")],
    "log_key": [("cabbage-1", NOON, "7"), ("cabbage-1", NOON, "drop-evening")],
    "figures_key": [("day#2026-11-24",), ("show#cabbage-1#20261124040000",)],
    "scans_key": [("cabbage-1", day(0), 0)],
    "ledger_key": [(day(0), 7, "wechat#payment#42000")],
    "books_key": [(day(0),)],
    "promises_key": [(day(0),)],
    "findings_key": [(day(0),)],
    "kept_key": [(7,)],
    "passport_key": [(JAR, day(2))],
    "listed_key": [(JAR, day(2), "1" * 20)],
    "row_key": [(day(0), 3, NOON, "1" * 20)],
    "find_key": [("number:0815", "1" * 16, "1" * 20), ("name:0badcafe", "8204321599", "1" * 20)],
    "need_key": [("refund", "1" * 20)],
    "retention_key": [()],
    "checkpoint_key": [("shardId-00000001",)],
    "trail_key": [(day(0), "2026-11-24T04:00:00.000000Z#0123456789abcdef")],
    "subject_key": [("order", "1111", f"{'1' * 20}#2026-11-24T04:00:00.000000Z#0123456789abcdef")],
    "seal_key": [(day(0),)],
    "waybill_key": [("sf", "SF1234567890123")],
    "voice_key": [("1" * 20,)],
    "unheard_key": [("comment", 7, NOON, "1" * 20)],
    "waiting_key": [("comment", 7)],
    "spoken_key": [("product:spicy-cabbage", day(2), NOON, "1" * 20)],
    "sum_key": [("product:spicy-cabbage",)],
    "judged_key": [(NOON, "1" * 20)],
    "sender_key": [("c" * 24, "1" * 20)],
    "reader_key": [(7, "c" * 24)],
    "staff_key": [("device", "d" * 64), ("invite", "d" * 64)],
}
"""Arguments for each function of keys.py that makes a key."""


def test_every_key_is_of_one_described_kind_and_every_kind_has_its_key() -> None:
    makers = {name: make for name, make in inspect.getmembers(keys, inspect.isfunction) if name.endswith("_key")}
    del makers["_key"]
    assert makers.keys() == MADE.keys()
    found = [described(makers[name](*arguments)) for name, each in MADE.items() for arguments in each]
    assert all(len(kinds) == 1 for kinds in found), found
    assert {kind for kinds in found for kind in kinds} == ITEMS.keys()


def test_the_indexes_are_the_templates_own(make_world: MakeWorld) -> None:
    indexes = make_world().client.describe_table(TableName="shop")["Table"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == INDEXES.keys()
    for index in indexes:
        for part in index["KeySchema"]:
            assert f"`{part['AttributeName']}`" in INDEXES[index["IndexName"]]


@pytest.mark.parametrize("email", [None, "wang@example.com"])
def test_every_item_that_a_sale_leaves_is_described_with_its_attributes(
    make_world: MakeWorld, email: str | None
) -> None:
    world = make_world({day(2): 5}, per_buyer=3)
    world.store.stock.expect(JAR, 30)
    world.pay(world.place(1, email=email))
    world.place(2, email=email)
    for item in world.store.everything():
        [kind] = described(item)
        words = ITEMS[kind].replace("`s0`", " ".join(f"`s{slot}`" for slot in range(6)))
        for name in item.keys() - {"pk", "sk"}:
            assert f"`{name}`" in words, f"{kind} says what its {name} is"
