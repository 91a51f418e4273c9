"""The model of a surge: the simulation's laws, the arithmetic of what is needed, and the doc that shows both."""

import json
import re
import shlex
from dataclasses import replace
from itertools import pairwise
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from chalicelib.domain.commands import MOST_UNITS
from chalicelib.domain.settings import POLL
from chalicelib.domain.stock.capacity import PER_SHARD, SHARDS_PER_PARTITION, Change, shards_for
from chalicelib.services.planning import plan
from chalicelib.storage.keys import Item, order_key
from chalicelib.storage.orders import DUE_SHARDS
from chalicelib.storage.stock.shards import change_share
from cunbo import cli
from cunbo.core.paths import ROOT
from cunbo.model import limits
from cunbo.model.audience import ROOMS, Watchers
from cunbo.model.contention import Outcome, TableModel, _one_partition, simulate
from cunbo.model.needs import Needs
from cunbo.model.report import (
    RATES,
    advice,
    countings,
    looks,
    looks_end,
    needed,
    order_units,
    report,
    rooms,
    scans,
    screens,
    sensitivity,
    simulated,
    waits,
    warm_command,
    watchers,
)
from cunbo.model.units import SHARD_WRITES, Look, OrderUnits, WaitUnits
from moto import mock_aws

from tests.functions.helpers.waiters import ask, confirm, take
from tests.functions.helpers.world import JAR, TODAY, World, day, make_key

DOC = "\n".join(page.read_text() for page in sorted((ROOT / "infra/docs").glob("surge*.md")))
USUAL = TableModel()
SEEDS = range(3)


def mean(what: str, rate: float, shards: int, table: TableModel = USUAL) -> float:
    return sum(getattr(simulate(rate, shards, table, seed), what) for seed in SEEDS) / len(SEEDS)


def run(*arguments: str) -> object:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return left.value.code


# ---- The simulation ----


def test_the_same_seed_gives_the_same_figures() -> None:
    first = simulate(60, 3, USUAL, 7)
    _one_partition.cache_clear()
    assert simulate(60, 3, USUAL, 7) == first
    assert simulate(60, 3, USUAL, 8) != first


def test_without_contention_nobody_waits() -> None:
    folder_lock = simulate(0.5, 1, replace(USUAL, spread=0.0))
    assert folder_lock == Outcome(conflicts=0, throttles=0, tries=1, busy=0, p50=folder_lock.p50, p99=folder_lock.p99)
    assert folder_lock.p50 == folder_lock.p99 == pytest.approx(USUAL.transaction)


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
    shorter = replace(USUAL, in_flight=in_flight / 2)
    assert mean("conflicts", 100, 5, shorter) < mean("conflicts", 100, 5, replace(USUAL, in_flight=in_flight))


def test_one_shard_at_400_orders_a_second_tells_most_that_the_shop_is_busy() -> None:
    outcome = simulate(400, 1)
    assert outcome.busy > 0.5
    assert outcome.p99 is not None
    assert 2 < outcome.p99 < 4.5


def test_a_partition_with_too_many_shards_throttles_and_one_with_half_of_them_does_not() -> None:
    rate = limits.PARTITION_WRITES / SHARD_WRITES * 1.1
    shards = int(rate / PER_SHARD)
    assert simulate(rate, shards, TableModel(together=shards)).throttles > 0.5
    assert simulate(rate, shards, TableModel(together=shards // 2)).throttles < 0.05


def test_refused_tries_that_pay_are_what_wears_a_full_partition_down() -> None:
    full, shards = 400, 20
    paying = TableModel(together=shards)
    assert simulate(full, shards, paying).throttles > 0.05
    assert simulate(full, shards, replace(paying, refused_pays=0.0)).throttles == 0


def test_a_surge_over_many_partitions_is_as_good_as_over_one() -> None:
    shards = SHARDS_PER_PARTITION
    assert simulate(10_000, 500) == simulate(shards * PER_SHARD, shards)


def test_the_arithmetic_counts_the_tries_that_the_simulation_finds() -> None:
    for rate, shards in ((10, 1), (100, 5)):
        assert Needs(rate).shards == shards
        assert mean("tries", rate, shards) == pytest.approx(Needs(rate).tries, rel=0.1)


# ---- What a surge needs ----


@pytest.mark.parametrize("rate", [1, 10, 20])
def test_a_small_surge_needs_nothing(rate: int) -> None:
    assert advice(Needs(rate)) == []


@pytest.mark.parametrize("rate", [21, 100, 280])
def test_a_usual_account_takes_more_once_the_manager_says_what_is_expected(rate: int) -> None:
    [line] = advice(Needs(rate))
    assert f"cunbo expect SKU {rate}" in line
    assert "about **280 orders a second**" in DOC


@pytest.mark.parametrize("rate", [20, 21, 1_000, 10_000])
def test_the_smallest_batch_is_the_one_that_gets_the_shards(rate: int) -> None:
    needs = Needs(rate)
    assert shards_for(rate, needs.smallest_batch, MOST_UNITS) == needs.shards
    assert shards_for(rate, needs.smallest_batch - 1, MOST_UNITS) == max(needs.shards - 1, 1)


def test_a_larger_surge_never_needs_less() -> None:
    for smaller, larger in pairwise(map(Needs, RATES)):
        for what in (
            "shards",
            "look_seconds",
            "table_writes",
            "index_writes",
            "table_reads",
            "processes",
            "quota",
            "requests",
        ):
            assert getattr(smaller, what) <= getattr(larger, what), what
        assert len(advice(smaller)) <= len(advice(larger))


def test_ten_thousand_orders_a_second_name_all_that_must_be_raised() -> None:
    needs = Needs(10_000)
    assert (needs.shards, needs.smallest_batch) == (500, 40_000)
    said = "\n".join(advice(needs))
    for words in ("cunbo expect SKU 10000", "DUE_SHARDS", f"{needs.warm_writes:,} W/s", "--warm-throughput",
                  "DynamoDB's quotas", "concurrent executions", "API Gateway's requests",
                  "provisioned concurrency"):  # fmt: skip
        assert words in said


def test_what_is_warmed_holds_the_surge_with_a_reserve() -> None:
    for needs in map(Needs, RATES):
        assert needs.warm_writes >= needs.table_writes * limits.RESERVE or needs.warm_writes == limits.FIRST_WRITES
        assert needs.warm_reads >= needs.table_reads
        assert needs.warm_index >= needs.index_writes


@pytest.mark.parametrize("rate", [*RATES, 160, 161, 281, 282, 20_000])
def test_the_busiest_partition_of_a_table_that_is_warm_carries_its_load(rate: int) -> None:
    assert Needs(rate).partition_writes <= limits.PARTITION_WRITES


def test_due_shards_are_raised_before_the_index_is_hot() -> None:
    enough = int(DUE_SHARDS * limits.PARTITION_WRITES / limits.RESERVE / 2)
    assert f"from {enough:,} orders a second on" in DOC
    assert not any("DUE_SHARDS" in line for line in advice(Needs(enough)))
    assert any(f"to {DUE_SHARDS + 1} and deploy" in line for line in advice(Needs(enough + 1)))


def test_fewer_large_dates_and_more_memory_let_looks_keep_up_with_more() -> None:
    usual, few, strong = Needs(10_000), Needs(10_000, large=1), Needs(10_000, memory=limits.WHOLE_CPU_MB)
    assert any("do not keep up" in line for line in advice(usual))
    assert not any("do not keep up" in line for line in advice(few))
    for better in (few, strong):
        assert better.key_reads < usual.key_reads
        assert better.look_seconds < usual.look_seconds
        assert better.processes < usual.processes


def test_the_doc_says_from_when_on_looks_do_not_keep_up() -> None:
    assert "from about 6,800 on looks" in DOC
    assert ["do not keep up" in "\n".join(advice(Needs(rate))) for rate in (6_800, 6_900)] == [False, True]


def test_processes_and_orders_agree_wherever_looks_take_longer_than_a_second() -> None:
    needs = Needs(20_000, memory=512)
    assert needs.look_seconds > 1
    assert needs.processes >= needs.rate * (needs.order_seconds + needs.look_seconds)
    assert needs.looks == needs.rate


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


# ---- What the table is asked for, beside the arithmetic ----


def bytes_of(item: Item) -> int:
    """An item's size, as DynamoDB's guide counts it: names, and values of text or number."""

    def value(kind: str, text: str) -> int:
        return len(text.encode()) if kind == "S" else (len(text.lstrip("-")) + 1) // 2 + 1

    return sum(len(name.encode()) + value(*next(iter(one.items()))) for name, one in item.items())


def asked(world: World) -> list[tuple[str, Item]]:
    """From now on, the calls that write, with their parameters."""
    calls: list[tuple[str, Item]] = []

    def note(params: Item, model: Any, **_: Any) -> None:
        calls.append((model.name, params))

    world.client.meta.events.register("before-parameter-build.dynamodb", note)
    return calls


def written(parts: list[Item]) -> int:
    """Units of writes outside of a transaction."""
    return sum(-(-bytes_of(part["Put"]["Item"]) // 1024) if "Put" in part else 1 for part in parts)


@pytest.mark.parametrize(("lines", "kb", "paid_kb"), [(1, 1, 1), (2, 1, 2), (5, 2, 2), (10, 3, 3)])
def test_an_order_writes_what_the_table_of_units_says(lines: int, kb: int, paid_kb: int) -> None:
    """Of long names, so that who is paid for two lines is told of by a KB more than was placed."""
    skus = [f"pickled-cabbage-{number:02}" for number in range(lines)]
    with mock_aws():
        world = World(prices=dict.fromkeys(skus, 2990))
        for sku in skus:
            world.stock(100, day(2), sku)
        calls = asked(world)
        order = world.place(lines=[{"sku": sku, "quantity": 1} for sku in skus])
        [transaction] = [params["TransactItems"] for name, params in calls if name == "TransactWriteItems"]
        calls.clear()
        world.pay(order)
        assert [name for name, _ in calls if name in {"PutItem", "UpdateItem", "TransactWriteItems"}] == ["UpdateItem"]
        paid = world.client.get_item(TableName="shop", Key=order_key(order["order"]))["Item"]
    units = OrderUnits(kb, lines)
    assert limits.TRANSACTED * written(transaction) == units.place
    assert written([{"Put": {"Item": paid}}]) == OrderUnits(paid_kb, lines).pay
    assert "due_pk" in transaction[0]["Put"]["Item"]
    assert "due_pk" not in paid


def test_an_order_of_one_line_costs_what_the_bench_counts() -> None:
    usual = OrderUnits()
    assert (usual.place + usual.due, usual.pay + usual.due + usual.board, usual.letters) == (9, 3, 9)


WRITES = {"PutItem", "UpdateItem"}


def costs(calls: list[tuple[str, Item]], due: dict[str, str]) -> int:
    """Write units of the calls, those of the index included: `due` is what has been in it, and is brought up to date.

    The items must all be below a KB.
    """
    units = 0
    for name, params in calls:
        parts = params.get("TransactItems", [{name.removesuffix("Item"): params}] if name in WRITES else [])
        units += (limits.TRANSACTED if name == "TransactWriteItems" else 1) * written(parts)
        for item in [part["Put"]["Item"] for part in parts if "Put" in part]:
            before, after = due.pop(item["pk"]["S"], None), item.get("due_at", {}).get("S")
            units += ((before is not None) + (after is not None)) * (before != after)
            due |= {item["pk"]["S"]: after} if after else {}
    calls.clear()
    return units


@pytest.mark.parametrize("per_buyer", [0, 2])
def test_what_is_given_back_and_who_waits_for_it_write_what_the_table_of_units_says(per_buyer: int) -> None:
    units = WaitUnits(accounts=int(per_buyer > 0))
    due: dict[str, str] = {}
    with mock_aws():
        world = World({day(2): 1}, per_buyer=per_buyer)
        calls = asked(world)

        def cancel(key: int) -> None:
            found = world.keys.tickets(make_key(key))[0]
            world.shop.cancel(found.number, found.token)
            world.outbox().perform("order", found.number)

        world.place(0)
        assert costs(calls, due) == (order := OrderUnits(accounts=units.accounts)).place + order.due
        cancel(0)
        assert costs(calls, due) == units.release
        world.later(1)
        world.place(1)
        costs(calls, due)
        number = ask(world)
        world.outbox().perform("waiter", number)
        assert costs(calls, due) == units.ask
        confirm(world, number)
        assert costs(calls, due) == units.join - units.ask
        cancel(1)
        world.outbox().perform("waiter", number)
        assert costs(calls, due) == units.keep + units.invite
        take(world, number)
        assert costs(calls, due) == units.take


@pytest.mark.parametrize(("shards", "large"), [(1, 14), (8, 14), (20, 14), (20, 1)])
def test_a_look_asks_and_brings_what_the_arithmetic_says(shards: int, large: int) -> None:
    pages: list[list[Item]] = []
    with mock_aws():
        world = World()
        for number in range(limits.DATES):
            count = shards if number < large else 1
            world.store.stock.declare(JAR, day(number), None, cap=80 * count, shards=count)
            for shard in range(count):
                made = change_share((JAR, day(number), shard), Change(shard, 80))
                world.store.table.write("update_item", **made["Update"])
        world.client.meta.events.register(
            "after-call.dynamodb.Query", lambda parsed, **_: pages.append(parsed["Items"])
        )
        world.store.stock.declared(JAR, TODAY)
    look = Look(shards, large)
    assert len(pages) == look.keys
    assert sum(map(len, pages)) == look.items
    read = [-(-sum(map(bytes_of, page)) // limits.READ_BYTES) for page in pages]
    assert read[0] <= look.fullest <= read[0] + 1
    assert sum(read) <= look.units <= sum(read) + 1


def test_items_of_the_stock_are_as_large_as_the_arithmetic_takes_them() -> None:
    with mock_aws():
        world = World()
        plan(world.shop.catalog, world.store, TODAY)
        world.stock(99_999, day(9), shards=101)
        sizes = [(item["sk"]["S"].count("#"), bytes_of(item)) for item in world.store.everything()]
    for shard, most in ((1, limits.SHARD_BYTES), (0, limits.BATCH_BYTES)):
        found = max(size for is_shard, size in sizes if is_shard == shard)
        assert found <= most <= found * 1.15


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
        [found] = re.findall(rf"^const {name} = (\d+);", script_of(script), re.MULTILINE)
        return int(found)

    functions = json.loads((ROOT / "functions/.chalice/config.json").read_text())
    assert POLL == limits.STOCK_SECONDS
    assert constant("order.js", "SECONDS_SOON") == limits.ORDER_SECONDS
    seconds = {name: int(found) / 1000 for name, found in polls().items()}
    assert seconds == {"overlay.js": limits.OVERLAY_SECONDS, "board.js": limits.CONSOLE_SECONDS, "host.js": 1}
    assert functions["lambda_functions"]["api_handler"]["lambda_memory_size"] == limits.MEMORY_MB
    assert functions["lambda_architecture"] == "arm64"
    assert f"max-age={limits.KEPT_SECONDS}" in (ROOT / "functions/chalicelib/api/shopping.py").read_text()


def script_of(name: str) -> str:
    [path] = (ROOT / "site/assets/js").rglob(name)
    return path.read_text()


def polls() -> dict[str, str]:
    """How often each screen asks first of all, in milliseconds."""
    texts = {name: script_of(name) for name in ("overlay.js", "board.js", "host.js")}
    return {name: re.findall(r"every: (\d+)", text)[0] for name, text in texts.items()}


def rows(text: str) -> list[list[str]]:
    """The rows of its tables, whatever their widths."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("| ")]


def test_the_doc_shows_what_the_code_prints() -> None:
    shown = rows(DOC)
    tables = [
        order_units(),
        waits(),
        looks(),
        looks_end(),
        rooms(),
        watchers(),
        screens(),
        scans(),
        countings(),
        simulated([100]),
        sensitivity(),
    ]
    for table in (needed([Needs(rate) for rate in RATES]), *tables):
        assert [row for row in rows(table) if row not in shown] == [], "paste what `cunbo limits` prints"


def test_the_doc_says_all_that_must_be_raised() -> None:
    assert [line for rate in RATES for line in advice(Needs(rate)) if line not in DOC] == []


def test_the_command_prints_the_tables_of_one_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("limits", "40") == 0
    said = capsys.readouterr().out
    assert needed([Needs(40)]) in said
    assert "followers" not in said


def test_the_whole_report_has_every_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cunbo.model.report.SIMULATED", (10,))
    said = report()
    assert all(part in said for part in (needed([Needs(rate) for rate in RATES]), rooms(), watchers()))


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1.5", "1000000", "١"])
def test_a_rate_that_is_none_is_refused_in_a_line(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("limits", "--", rate) == 2
    assert f"{rate} is no number of orders a second" in capsys.readouterr().err
