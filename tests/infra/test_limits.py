"""The model of a surge: the simulation's laws, the arithmetic of what is needed, and the doc that shows both."""

import json
import re
import shlex
from dataclasses import replace
from itertools import pairwise

import botocore.session
import pytest
from botocore.validate import ParamValidator
from chalicelib import requests
from cunbo import cli, limits
from cunbo.audience import ROOMS, Watchers
from cunbo.house import ROOT
from cunbo.surge_model import Outcome, Table, _one_partition, simulate
from cunbo.surge_needs import Needs
from cunbo.surge_report import RATES, advice, needed, report, rooms, simulated, warm_command, watchers

DOC = (ROOT / "infra/surge.md").read_text()
HALF = Table(together=limits.SHARDS_PER_PARTITION // 2)
SEEDS = range(3)


def mean(what: str, rate: float, shards: int, table: Table = HALF) -> float:
    return sum(getattr(simulate(rate, shards, table, seed), what) for seed in SEEDS) / len(SEEDS)


def run(*arguments: str) -> object:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return left.value.code


# ---- The simulation ----


def test_the_same_seed_gives_the_same_figures() -> None:
    first = simulate(60, 3, HALF, 7)
    _one_partition.cache_clear()
    assert simulate(60, 3, HALF, 7) == first
    assert simulate(60, 3, HALF, 8) != first


def test_without_contention_nobody_waits() -> None:
    alone = simulate(0.5, 1, replace(HALF, spread=0.0))
    assert alone == Outcome(conflicts=0, throttles=0, tries=1, busy=0, p50=alone.p50, p99=alone.p99)
    assert alone.p50 == alone.p99 == pytest.approx(HALF.transaction)


@pytest.mark.parametrize("rate", [20, 60, 100])
def test_more_shards_never_give_more_conflicts_nor_more_tries(rate: int) -> None:
    for what in ("conflicts", "tries"):
        figures = [mean(what, rate, shards) for shards in (rate // 10, rate // 5, rate // 2)]
        assert all(after <= before + 0.005 for before, after in pairwise(figures)), what


def test_more_orders_on_the_same_shards_take_more_tries() -> None:
    figures = [mean("tries", rate, 5) for rate in (10, 50, 100, 200)]
    assert figures == sorted(figures)


@pytest.mark.parametrize("in_flight", [0.005, 0.010, 0.020])
def test_the_longer_a_transaction_is_in_flight_the_more_conflicts(in_flight: float) -> None:
    shorter = replace(HALF, in_flight=in_flight / 2)
    assert mean("conflicts", 100, 5, shorter) < mean("conflicts", 100, 5, replace(HALF, in_flight=in_flight))


def test_one_shard_at_400_orders_a_second_tells_most_that_the_shop_is_busy() -> None:
    outcome = simulate(400, 1)
    assert outcome.busy > 0.5
    assert outcome.p99 is not None
    assert 2 < outcome.p99 < 4.5


def test_a_partition_with_too_many_shards_throttles_and_one_with_half_of_them_does_not() -> None:
    rate = limits.PARTITION_WRITES / limits.SHARD_WRITES * 1.1
    shards = int(rate / limits.PER_SHARD)
    assert simulate(rate, shards, Table(together=shards)).throttles > 0.5
    assert simulate(rate, shards, Table(together=shards // 2)).throttles < 0.05


def test_refused_tries_that_pay_are_what_wears_a_full_partition_down() -> None:
    full, shards = 400, 20
    paying = Table(together=shards)
    assert simulate(full, shards, paying).throttles > 0.05
    assert simulate(full, shards, replace(paying, refused_pays=0.0)).throttles == 0


def test_a_surge_over_many_partitions_is_as_good_as_over_one() -> None:
    assert simulate(10_000, 500, HALF) == simulate(200, 10, HALF)


def test_the_arithmetic_counts_the_tries_that_the_simulation_finds() -> None:
    for rate, shards in ((10, 1), (100, 5)):
        assert Needs(rate).shards == shards
        assert mean("tries", rate, shards) == pytest.approx(Needs(rate).tries, rel=0.1)


# ---- What a surge needs ----


def test_an_order_costs_the_units_that_the_bench_measures() -> None:
    assert limits.PLACE_WRITES + 1 == 9
    assert limits.PLACE_WRITES + limits.PAY_WRITES + limits.INDEX_WRITES == 9 + 2


@pytest.mark.parametrize("rate", [1, 10, 100])
def test_a_small_surge_needs_nothing_raised(rate: int) -> None:
    assert advice(Needs(rate)) == []


def test_a_larger_surge_never_needs_less() -> None:
    for smaller, larger in pairwise(map(Needs, RATES)):
        for what in ("shards", "keys", "table_writes", "index_writes", "table_reads", "processes", "quota", "requests"):
            assert getattr(smaller, what) <= getattr(larger, what), what
        assert len(advice(smaller)) <= len(advice(larger))


def test_ten_thousand_orders_a_second_name_all_that_must_be_raised() -> None:
    needs = Needs(10_000)
    assert (needs.shards, needs.smallest_batch) == (500, 40_000)
    said = "\n".join(advice(needs))
    for words in (f"{needs.warm_writes:,} W/s", "--warm-throughput", "DynamoDB's quotas", "concurrent executions",
                  "API Gateway's requests", "provisioned concurrency"):  # fmt: skip
        assert words in said


def test_what_is_warmed_holds_the_surge_with_a_reserve() -> None:
    for needs in map(Needs, RATES):
        assert needs.warm_writes >= needs.table_writes * limits.RESERVE or needs.warm_writes == limits.FIRST_WRITES
        assert needs.warm_reads >= needs.table_reads
        assert needs.warm_index >= needs.index_writes


@pytest.mark.parametrize("rate", [381, 501, 1_999])
def test_a_key_that_nearly_fills_its_partition_wants_another_code_and_not_a_table_of_any_size(rate: int) -> None:
    needs = Needs(rate)
    assert needs.warm_writes <= needs.table_writes * 2 + 1_000
    asked = any("under a key" in line for line in advice(needs))
    assert asked == (needs.partition_writes > limits.PARTITION_WRITES)


def test_the_command_that_warms_is_one_that_aws_takes() -> None:
    words = shlex.split(warm_command(Needs(5_000)))
    table, index = (
        words[words.index("--warm-throughput") + 1],
        words[words.index("--global-secondary-index-updates") + 1],
    )
    request = {
        "TableName": "TABLE",
        "WarmThroughput": {name: int(units) for name, units in (pair.split("=") for pair in table.split(","))},
        "GlobalSecondaryIndexUpdates": json.loads(index),
    }
    model = botocore.session.get_session().get_service_model("dynamodb").operation_model("UpdateTable")
    assert ParamValidator().validate(request, model.input_shape).generate_report() == ""
    assert set(request["WarmThroughput"]) == {"ReadUnitsPerSecond", "WriteUnitsPerSecond"}


def test_an_order_costs_less_than_a_hundredth_of_a_cent() -> None:
    assert all(0 < needs.cost < 0.0001 for needs in map(Needs, RATES))


# ---- Who comes ----


def test_everybody_who_follows_and_orders_within_a_minute_is_the_largest_surge_of_the_table() -> None:
    assert max(room.rate for room in ROOMS) == pytest.approx(max(RATES))
    assert [room.rate for room in ROOMS] == sorted(room.rate for room in ROOMS)


def test_however_many_pages_ask_the_edge_lets_no_more_through() -> None:
    few, many, all_of_them = Watchers(15), Watchers(50_000), Watchers(limits.FOLLOWERS)
    assert few.origin == few.edge == 1
    assert many.edge == pytest.approx(3_333.3, abs=0.1)
    assert many.origin == all_of_them.origin == limits.EDGE_CACHES * many.queries
    assert all_of_them.edge < limits.EDGE_REQUESTS


# ---- The numbers are the shop's own, and the doc is the code's ----


def test_the_numbers_are_those_of_the_pages_the_functions_and_the_template() -> None:
    def constant(script: str, name: str) -> int:
        [found] = re.findall(rf"^const {name} = (\d+);", (ROOT / "site/assets/js" / script).read_text(), re.MULTILINE)
        return int(found)

    functions = json.loads((ROOT / "functions/.chalice/config.json").read_text())
    assert constant("stock.js", "SECONDS") == limits.STOCK_SECONDS
    assert constant("order.js", "SECONDS_SOON") == limits.ORDER_SECONDS
    assert functions["lambda_functions"]["api_handler"]["lambda_memory_size"] == limits.MEMORY_MB
    assert functions["lambda_architecture"] == "arm64"
    assert f"max-age={limits.KEPT_SECONDS}" in (ROOT / "functions/app.py").read_text()
    assert requests.MOST_UNITS == limits.PER_ORDER


def rows(text: str) -> list[list[str]]:
    """The rows of its tables, whatever their widths."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("| ")]


def test_the_doc_shows_what_the_code_prints() -> None:
    shown = rows(DOC)
    for table in (needed([Needs(rate) for rate in RATES]), rooms(), watchers(), simulated([100])):
        assert [row for row in rows(table) if row not in shown] == [], "paste what `cunbo limits` prints"


def test_the_doc_says_all_that_must_be_raised() -> None:
    assert [line for rate in RATES for line in advice(Needs(rate)) if line not in DOC] == []


def test_the_command_prints_the_tables_of_one_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("limits", "40") == 0
    said = capsys.readouterr().out
    assert needed([Needs(40)]) in said
    assert "followers" not in said


def test_the_whole_report_has_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cunbo.surge_report.SIMULATED", (10,))
    said = report()
    assert all(part in said for part in (needed([Needs(rate) for rate in RATES]), rooms(), watchers()))


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1.5", "1000000", "١"])
def test_a_rate_that_is_none_is_refused_in_a_line(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("limits", "--", rate) == 2
    assert f"{rate} is no number of orders a second" in capsys.readouterr().err
