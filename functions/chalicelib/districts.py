"""The table of China's provinces, cities and districts: addresses are checked against it here and in the pages."""

from functools import cache
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("districts.json")


@cache
def districts() -> dict[str, dict[str, list[str]]]:
    """Return the provinces, their cities, and the districts of these, by name."""
    table = msgspec.json.decode(TABLE.read_bytes())
    return dict(table["provinces"])
