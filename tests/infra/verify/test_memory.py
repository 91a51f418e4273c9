"""The table in memory refuses what it does not know, so that no model stands on a guess."""

import pytest
from cunbo.verify.memory import MemoryTable, condition_name
from cunbo.verify.replay import RealTable
from cunbo.verify.testbed import table_in_process

KEY = {"pk": {"S": "stock#jar#0"}, "sk": {"S": "2026-11-24#000"}}
SHARD = {**KEY, "units": {"N": "1"}}
TAKE = {
    "Key": KEY,
    "UpdateExpression": "SET units = units + :change",
    "ConditionExpression": "units >= :net",
    "ExpressionAttributeValues": {":change": {"N": "-1"}, ":net": {"N": "1"}},
}


def test_a_condition_has_the_name_of_its_kind_of_item() -> None:
    assert condition_name(TAKE) == "shard: units >= :net"


def test_what_was_read_stays_as_it_was_read() -> None:
    table = MemoryTable({("stock#jar#0", "2026-11-24#000"): SHARD})
    table.update_item(**TAKE)
    assert SHARD["units"] == {"N": "1"}
    assert table.get_item(Key=KEY)["Item"]["units"] == {"N": "0"}


def test_an_unknown_condition_or_query_is_refused() -> None:
    table = MemoryTable({})
    with pytest.raises(NotImplementedError):
        table.put_item(Item=SHARD, ConditionExpression="contains(units, :one)")
    with pytest.raises(NotImplementedError):
        table.query(KeyConditionExpression="begins_with(pk, :pk)", ExpressionAttributeValues={":pk": {"S": "x"}})


def test_a_table_is_brought_from_any_state_to_any_other() -> None:
    with table_in_process("shop") as client:
        table = RealTable(client, "shop")
        for items in ({("a", "1"): _item("a", "1")}, {("a", "2"): _item("a", "2"), ("b", "1"): _item("b", "1")}, {}):
            table.bring_to(items)
            assert table.look() == items


def _item(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
