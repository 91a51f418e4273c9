"""The chain of the open books, and the script with which anybody recomputes it: it finds every tampered field."""

import copy
import json
import runpy
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chalicelib.domain.desk.kept import (
    FIGURES,
    LEAST,
    NONE_BEFORE,
    DayKept,
    Record,
    correction,
    hash_of,
    next_record,
    standing,
)

from tests.functions.helpers.world import ROOT, TODAY

CHECKER = ROOT / "site/storefront/build/kept_check.py"
NAMES = ("n", "kind", "day", "planned", "seal", "before", "hash")


def kept(step: int, orders: int, **figures: int) -> DayKept:
    late = figures.pop("late", 0)
    return DayKept(
        day=TODAY + timedelta(step),
        planned=60,
        sold=2 * orders,
        orders=orders,
        in_time=orders - late,
        late=late,
        **figures,
    )


DAYS = [kept(0, 9, late=1), kept(1, 2), kept(2, 1, refunds=1, refunded=2990), kept(3, 4, moved=2, agreed=1), kept(4, 0)]


def chain(days: list[DayKept]) -> list[Record]:
    """The records of some days, one after another."""
    records: list[Record] = []
    waiting: list[DayKept] = []
    for one in days:
        waiting.append(one)
        records.append(next_record(records, waiting, "a" * 64 if one.planned else ""))
        waiting = [] if records[-1]["told"] else waiting
    return records


def check(path: Path, records: list[Record]) -> tuple[int, str]:
    """What the script says of a file with these records."""
    path.write_text(json.dumps({"records": records}, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", CHECKER, path], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_each_record_holds_the_hash_of_the_one_before() -> None:
    records = chain(DAYS)
    assert [one["before"] for one in records] == [NONE_BEFORE, *(one["hash"] for one in records[:-1])]
    assert all(one["hash"] == hash_of(one) for one in records)
    assert [one["n"] for one in records] == [1, 2, 3, 4, 5]


def test_figures_of_few_orders_wait_until_there_are_enough_and_none_is_lost() -> None:
    records = chain(DAYS)
    told = [one["told"] for one in records]
    assert [bool(one) for one in told] == [True, False, False, True, False]
    assert told[3] == {
        **{"since": f"{TODAY + timedelta(1)}", "sold": 14, "orders": 7, "in_time": 7, "late": 0, "moved": 2},
        **{"agreed": 1, "cancelled": 0, "refunds": 1, "refunded": 2990},
    }
    assert all(one["orders"] >= LEAST for one in told if one)
    assert all(name in {*FIGURES, "since"} for one in told if one for name in one)


def test_what_turns_out_otherwise_is_told_by_a_later_record() -> None:
    records = chain(DAYS[:1])
    assert correction(records, f"{TODAY}", DAYS[:1]) is None
    fixed = correction(records, f"{TODAY}", [kept(0, 9)])
    assert fixed and (fixed["kind"], fixed["n"], fixed["told"]["late"]) == ("correction", 2, 0)
    assert standing([*records, fixed])[f"{TODAY}"] == fixed
    assert correction([*records, fixed], f"{TODAY}", [kept(0, 9)]) is None


def test_the_script_agrees_with_a_good_chain(tmp_path: Path) -> None:
    records = chain(DAYS)
    fixed = correction(records, f"{TODAY}", [kept(0, 9)])
    assert fixed
    code, said = check(tmp_path / "days.json", [*records, fixed])
    assert code == 0, said
    assert "6 records" in said and fixed["hash"] in said


def tampered() -> list[tuple[str, list[Record]]]:
    """A chain with each field of its fourth record changed, with and without the record's own hash made to fit."""
    found = []
    for name in (*NAMES, "told", *(f"told.{one}" for one in ("since", *FIGURES))):
        for refit in (False, True):
            records = copy.deepcopy(chain(DAYS))
            _change(records[3], name)
            if refit and name != "hash":
                records[3]["hash"] = hash_of(records[3])
            found.append((f"{name} {'with a new hash' if refit else ''}", records))
    return [*found, ("one left out", [*chain(DAYS)[:2], *chain(DAYS)[3:]]), ("two changed places", chain(DAYS)[::-1])]


def _change(record: Any, name: str) -> None:
    outer, _, inner = name.partition(".")
    target, key = (record[outer], inner) if inner else (record, outer)
    value = target[key]
    target[key] = value + 1 if isinstance(value, int) else None if isinstance(value, dict) else f"{value[:-1]}x"


def test_the_script_finds_each_field_that_was_tampered_with() -> None:
    faults = runpy.run_path(f"{CHECKER}")["faults"]
    overlooked = [name for name, records in tampered() if not [*faults(records)]]
    assert overlooked == []


@pytest.mark.parametrize("text", ["", "{}", '{"records": 7}', '{"records": [1]}', '{"records": [{}]}'])
def test_the_script_says_so_where_it_is_no_chain_at_all(tmp_path: Path, text: str) -> None:
    (tmp_path / "days.json").write_text(text)
    done = subprocess.run(
        [sys.executable, "-I", CHECKER, tmp_path / "days.json"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_nothing_in_a_record_is_anything_but_words_and_whole_numbers() -> None:
    def leaves(value: Any) -> list[Any]:
        return [leaf for one in value.values() for leaf in leaves(one)] if isinstance(value, dict) else [value]

    assert {type(leaf) for record in chain(DAYS) for leaf in leaves(record)} <= {int, str, type(None)}
    assert {field.name for field in msgspec.structs.fields(DayKept)} == {"day", "planned", "shipped", *FIGURES}
