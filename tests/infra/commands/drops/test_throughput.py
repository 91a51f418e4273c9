"""What the table and the shards take, and when a drop is warned of."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from cunbo.model import limits
from cunbo.model.drop import Throughput, index_of, throughput_of

from tests.functions.helpers.world import JAR, World
from tests.infra.command_line import run
from tests.infra.commands.drops.terminal import EVENING, described, lines


def warm(writes: int) -> dict[str, Any]:
    return {
        "ProvisionedThroughput": {"WriteCapacityUnits": 0, "ReadCapacityUnits": 0},
        "WarmThroughput": {"WriteUnitsPerSecond": writes, "ReadUnitsPerSecond": 12_000},
    }


PROVISIONED = {"ProvisionedThroughput": {"WriteCapacityUnits": 50, "ReadCapacityUnits": 60}}


@pytest.mark.parametrize(
    ("entry", "takes"),
    [
        ({}, Throughput(4_000, 12_000)),
        ({"WarmThroughput": {"WriteUnitsPerSecond": 0, "ReadUnitsPerSecond": 0}}, Throughput(4_000, 12_000)),
        (warm(9_000), Throughput(9_000, 12_000)),
        (PROVISIONED, Throughput(50, 60, provisioned=True)),
        (PROVISIONED | {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}, Throughput(4_000, 12_000)),
        (PROVISIONED | {"WarmThroughput": {"WriteUnitsPerSecond": 4_000}}, Throughput(50, 60, provisioned=True)),
    ],
)
def test_what_a_table_takes_is_read_from_its_description(entry: Mapping[str, Any], takes: Throughput) -> None:
    assert throughput_of(entry) == throughput_of(index_of(described({}, entry))) == takes


def test_a_table_of_which_nothing_is_said_takes_what_a_new_one_does() -> None:
    assert throughput_of(index_of({})) == Throughput(limits.FIRST_WRITES, limits.FIRST_READS)


@pytest.mark.parametrize(
    ("rate", "table", "index", "words"),
    [
        (280, {}, {}, []),
        (300, {}, {}, ["the table"]),
        (300, warm(8_000), {}, []),
        (2_000, warm(40_000), {}, ["its index `due`"]),
        (2_000, warm(4_000), warm(4_000), ["the table", "its index `due`"]),
        (10, PROVISIONED, PROVISIONED, ["the table"]),
        (3, PROVISIONED, PROVISIONED, []),
    ],
)
def test_orders_a_second_beyond_what_the_table_takes_now_are_warned_of(
    rate: int, table: Mapping[str, Any], index: Mapping[str, Any], words: list[str]
) -> None:
    found = lines(rate, table, index)
    assert [word for word, line in zip(words, found, strict=True) if f"want {word} to take" not in line] == []
    assert all("\n" not in line for line in found)


def test_a_limit_for_a_buyer_writes_more_and_so_warns_sooner() -> None:
    assert [len(lines(250, {}, {}, limited=limited)) for limited in (False, True)] == [0, 1]


def test_a_provisioned_table_is_told_to_be_given_more_and_another_to_be_warmed() -> None:
    assert "raise its provisioned capacity" in lines(10, PROVISIONED, PROVISIONED)[0]
    assert "aws dynamodb update-table --table-name shop --warm-throughput" in lines(300, {}, {})[0]


def test_the_command_that_warms_is_one_that_aws_takes_and_lowers_nothing() -> None:
    table, index = lines(2_000, warm(4_000) | {"WarmThroughput": {"ReadUnitsPerSecond": 50_000}}, {})
    words = shlex.split(index.partition("aws ")[2].partition("; or ")[0])
    updates = json.loads(words[-1])
    request = {"TableName": words[words.index("--table-name") + 1], "GlobalSecondaryIndexUpdates": updates}
    model = botocore.session.get_session().get_service_model("dynamodb").operation_model("UpdateTable")
    assert ParamValidator().validate(request, model.input_shape).generate_report() == ""
    assert "ReadUnitsPerSecond=50000" in table


@pytest.mark.parametrize(
    ("rate", "units", "words"),
    [(20, 80, ""), (21, 80, "--limit 10 would"), (100, 80, "--limit 4 would"), (1_000, 80, "only more units help")],
)
def test_a_drop_whose_shards_are_too_few_says_with_which_limit_they_would_not_be(
    rate: int, units: int, words: str
) -> None:
    found = lines(rate, warm(40_000), warm(40_000), units)
    assert len(found) == bool(words)
    assert all(words in line for line in found)


def test_the_command_warns_and_opens_the_drop_all_the_same(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drop", *EVENING, "--rate", "500") == 0
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith("warning: 500 orders a second") for line in said] == [True, True]
    assert world.left() == 4


def test_a_drop_expects_what_the_manager_has_said_of_the_sku(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.store.stock.expect(JAR, 500)
    assert run("drop", *EVENING) == 0
    assert capsys.readouterr().err.count("warning: 500 orders a second") == 2
