"""Keeping what needs a person: by the stream's consumer, from what aggregates were and what they have become."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain.aggregate import Aggregate
from chalicelib.domain.desk.needs import Need, needs
from chalicelib.storage.aggregates import aggregate_in
from chalicelib.storage.desk.needs import NeedStore

log = logging.getLogger("cunbo")

KINDS = ("order", "stray")
"""Kinds of aggregates that may need a person."""
Change = tuple[Aggregate | None, Aggregate | None]
"""An aggregate before and after a change; None where there was none."""


def keep(store: NeedStore, changes: Iterable[Change]) -> None:
    """Keep what needs a person after these changes, and forget what no longer does. Raise Busy."""
    there: dict[tuple[str, str], Need] = {}
    gone: dict[tuple[str, str], Need] = {}
    for before, after in changes:
        was, now = needs(before), needs(after)
        names = {(one.kind, one.about) for one in now}
        for need in was:
            if (need.kind, need.about) not in names:
                there.pop((need.kind, need.about), None)
                gone[need.kind, need.about] = need
        for need in now - was:
            gone.pop((need.kind, need.about), None)
            there[need.kind, need.about] = need
    store.change(gone.values(), there.values())


def changes(records: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """Return what these records of the stream say of orders and stray money; one that cannot be read is logged."""
    for record in records:
        try:
            images = (record["dynamodb"].get(name) for name in ("OldImage", "NewImage"))
            before, after = (aggregate_in(one) if one and one["sk"]["S"] in KINDS else None for one in images)
        except Exception as error:
            log.error("needs: a record cannot be read: %s", type(error).__name__)
            continue
        if before or after:
            yield before, after
