"""Traps around letters: none for what was not written, the same in any order."""

from typing import Any

import app as functions
import pytest
from chalicelib.domain.errors import Busy

from tests.functions.helpers.faults import cancelled, meets
from tests.functions.helpers.http import Http
from tests.functions.helpers.world import MakeWorld, World, day
from tests.functions.scenarios.traps.sight import everything_in


def test_no_letter_goes_out_for_an_order_that_was_not_written(make_world: MakeWorld) -> None:
    """T6, medusa#15122: the letter went out before the transaction, which then failed."""
    world = make_world({day(2): 1})
    faults = iter([cancelled("TransactionConflict", "None")] * 9999)
    meets(world, "TransactWriteItems", faults)
    with pytest.raises(Busy):
        world.place(email="wang@example.com")
    world.settle()
    assert world.mails == []
    assert [*faults], "the table is there again"
    world.place(email="wang@example.com")
    world.settle()
    assert len(world.mails) == 1


def test_records_in_another_order_bring_the_same_letters(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """T38, sample-voice-of-customer-datalake#383: what a transaction wrote came in another order, and twice."""
    world = http.world
    monkeypatch.setattr(functions, "workers", lambda _: world.workers())
    order = world.place(email="wang@example.com")
    placed = make_record(world, order["order"], 1)
    world.pay(order)
    paid = make_record(world, order["order"], 2)
    answer = http.client.lambda_.invoke("outbox", {"Records": [paid, placed, paid]}).payload
    assert answer == {"batchItemFailures": []}
    assert [mail["Subject"].split()[-1] for mail in world.mails] == ["待付款", "已付款"]


def make_record(world: World, number: str, sequence: int) -> dict[str, Any]:
    """The stream's record of the order as it is now."""
    [image] = [item for item in everything_in(world) if item["pk"]["S"] == f"order#{number}"]
    keys = {name: image[name] for name in ("pk", "sk")}
    return {
        "eventID": str(sequence), "eventName": "MODIFY", "awsRegion": "us-east-1", "eventSourceARN": "arn",
        "dynamodb": {
            "Keys": keys, "NewImage": image, "SequenceNumber": str(sequence), "SizeBytes": 1,
            "StreamViewType": "NEW_IMAGE", "ApproximateCreationDateTime": 1,
        },
    }  # fmt: skip
