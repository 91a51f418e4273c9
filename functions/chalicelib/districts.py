"""The table of China's provinces, cities and districts: addresses are checked against it here and in the pages.

Names change: what people write from habit, and what old address books hold, is led to the place of today. A rule knows
the common case (X市 or X县 that is X区 now, X地区 that is X市), old_districts.json the rest; the paste box of the
checkout reads by the same rule and file.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("districts.json")
OLD_NAMES = Path(__file__).with_name("old_districts.json")
KINDS_OF_DISTRICT = ("区", "市", "县")
KINDS_OF_CITY = ("市", "地区", "盟", "州")
Provinces = dict[str, dict[str, list[str]]]


class OldNames(msgspec.Struct, frozen=True):
    """What the Ministry has renamed, merged or dissolved, by province; names that the rule knows are left out.

    `cities` lead to a city, or to "" where their districts went to several; `districts`, by the city of today, to one
    of its districts.
    """

    source: str
    cities: dict[str, dict[str, str]]
    districts: dict[str, dict[str, dict[str, str]]]


@cache
def districts() -> Provinces:
    """Return the provinces, their cities, and the districts of these, by name."""
    table = msgspec.json.decode(TABLE.read_bytes())
    return dict(table["provinces"])


@cache
def old_names() -> OldNames:
    """Return the old names of places."""
    return msgspec.json.decode(OLD_NAMES.read_bytes(), type=OldNames)


def present(region: Sequence[str]) -> tuple[str, ...]:
    """Return province, city and district by the names of today; what is known by no name stays as it is."""
    province, city, *rest = region
    cities = districts().get(province)
    if cities is None:
        return tuple(region)
    if city not in cities and not rest and (moved := _moved(province, city)):  # a county-level city in a city's place
        return moved
    if city not in cities:
        city = old_names().cities.get(province, {}).get(city, _other_kind(city, cities, KINDS_OF_CITY))
    if not rest or rest[0] in cities.get(city, ()):
        return (province, city or region[1], *rest)
    if now := _now(province, city, rest[0]):
        return (province, city, now)
    return _moved(province, rest[0], of_none=not city) or (province, city or region[1], rest[0])


def _now(province: str, city: str, name: str) -> str | None:
    """Return what a district of the city is called today; None where the city has none of this name."""
    names = districts()[province].get(city, [])
    now = old_names().districts.get(province, {}).get(city, {}).get(name) or _other_kind(name, names)
    return now if now in names else None


def _other_kind(
    name: str, names: Sequence[str] | dict[str, list[str]], kinds: Sequence[str] = KINDS_OF_DISTRICT
) -> str:
    """Return the one of `names` that is this one, else with another kind of place behind it; else the name."""
    if name in names:
        return name
    stem = re.sub(f"(?:{'|'.join(kinds)})$", "", name)
    return next((stem + kind for kind in kinds if len(stem) > 1 and stem + kind in names), name)


def _moved(province: str, name: str, of_none: bool = False) -> tuple[str, ...] | None:
    """Return the region of a county or county-level city that one city of the province has; None for all else.

    Names of urban districts are too common to be found so (桥东区 of one city is no 桥东区 of another), but where their
    own city is `of_none`, divided among others.
    """
    if not (of_none or name.endswith(("县", "市"))):
        return None
    found = [(province, city, now) for city in districts()[province] if (now := _now(province, city, name))]
    return found[0] if len(found) == 1 else None
