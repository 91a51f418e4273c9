"""A number that is filled in stands before no English plural: it may be 1."""

import re
from collections.abc import Iterator
from typing import Any

from storefront.read import messages

PLURALS = (
    "batches", "buyers", "comments", "days", "devices", "facts", "labels", "minutes", "orders", "parcels", "photos",
    "readers", "refunds", "reviews", "times", "units",
)  # fmt: skip
COUNTED = re.compile(rf"\{{\w+\}} (?:{'|'.join(PLURALS)})\b")
SEVERAL = {
    "host.presets.units",
    *("desk_plan.really_all", "desk_voices.times"),
    *("packing.mixed", "packing.one_box", "packing.together"),
    *("photos.full", "photos.too_many", "stock.split", "voices.sum"),
}
"""What is said of several alone."""


def texts(branch: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a branch, with its name."""
    if isinstance(branch, dict):
        for twig, below in branch.items():
            yield from texts(below, f"{name}.{twig}" if name else twig)
    elif isinstance(branch, str):
        yield name, branch


def test_a_number_that_is_filled_in_stands_before_no_plural() -> None:
    found = {name: text for name, text in texts(messages.of("en")) if COUNTED.search(text)}
    assert {name: text for name, text in found.items() if name.removeprefix("scripts.") not in SEVERAL} == {}
