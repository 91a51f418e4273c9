"""Recomputes a village's open books: python3 check.py days.json

Each record holds the SHA-256 of the one before it, so none can be changed, left out or slipped in without changing all
that follow. Keep the last hash that you have seen: if a later file does not have it any more, the past was rewritten.
This needs nothing but Python 3, and nothing of the shop's.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COUNTS = ("sold", "orders", "in_time", "late", "moved", "agreed", "cancelled", "refunds", "refunded")


def hash_of(record: dict[str, Any]) -> str:
    """Return the SHA-256 of a record, over all of it but its own hash."""
    rest = {name: value for name, value in record.items() if name != "hash"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def faults(records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the records, in words."""
    before, last_day = "0" * 64, ""
    days: dict[str, int] = {}
    for place, record in enumerate(records, 1):
        name = f"record {place}"
        if record["hash"] != hash_of(record):
            yield f"{name}: its own hash does not fit"
        if record["before"] != before:
            yield f"{name}: it does not follow the record before it"
        if record["n"] != place:
            yield f"{name}: it says that it is number {record['n']}"
        before, day, told = record["hash"], record["day"], record["told"]
        if record["kind"] == "day":
            if day <= last_day:
                yield f"{name}: {day} comes after {last_day}"
            last_day = day
        elif record["kind"] != "correction" or day not in days:
            yield f"{name}: it is no day, and corrects none"
        days[day] = record["planned"]
        if told:
            if any(type(told[count]) is not int or told[count] < 0 for count in COUNTS):
                yield f"{name}: a figure is no whole number"
            elif (
                told["in_time"] + told["late"] != told["orders"]
                or not told["agreed"] <= told["moved"] <= told["orders"]
            ):
                yield f"{name}: more have agreed than were moved"
            elif told["sold"] > sum(planned for at, planned in days.items() if told["since"] <= at <= day):
                yield f"{name}: more was sold than was planned"


def main() -> int:
    """Check the file that is named, and say what was found."""
    try:
        records = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["records"]
        found = list(faults(records))
    except (IndexError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"this is no file of open books: {type(error).__name__}: {error}")
        return 1
    for fault in found:
        print(fault)
    if not found:
        last = records[-1]["hash"] if records else "none"
        print(f"{len(records)} records, and each follows the one before it. The last hash: {last}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
