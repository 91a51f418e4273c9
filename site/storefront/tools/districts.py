"""Refreshes the table of provinces, cities and districts from an unpacked release of npm's `@vant/area-data`.

    npm pack @vant/area-data && tar xf vant-area-data-*.tgz && python -m storefront.tools.districts package

The functions check addresses by this table and the checkout page offers it, so it lies where both can reach it. Places
that old_districts.json leads elsewhere are left out, whatever the release says. That file is kept by hand, since no
package says which place took which: what it and its rule lead nowhere is told here, so that it can be added.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from chalicelib.districts import TABLE, districts, old_names, present

Provinces = dict[str, dict[str, list[str]]]


def read(package: Path) -> dict[str, Any]:
    """Return the table of the release in `package`; codes say what belongs where, and are then left out."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    script = (package / "dist" / "index.js").read_text(encoding="utf-8")
    return {
        "source": f"{about['name']} {about['version']} ({about['license']})",
        "provinces": without_gone(
            nest(names(script, "province_list"), names(script, "city_list"), names(script, "county_list"))
        ),
    }


def names(script: str, label: str) -> dict[str, str]:
    """Return the script's object `label`: names by six-digit code; raises ValueError where there is none."""
    block = re.search(rf"{label}: \{{(.*?)\}}", script, re.DOTALL)
    if block is None:
        raise ValueError(
            f"dist/index.js holds no {label}: the release has another form, so mend storefront/tools/districts.py"
        )
    return {code: json.loads(name) for code, name in re.findall(r'(\d{6}): ("[^"]*")', block[1])}


def nest(provinces: dict[str, str], cities: dict[str, str], counties: dict[str, str]) -> Provinces:
    """Return districts under their city, cities under their province, all in the order of their codes."""
    table: Provinces = {name: {} for _, name in sorted(provinces.items())}
    for code, city in sorted(cities.items()):
        own = [name for county, name in sorted(counties.items()) if county[:4] == code[:4]]
        table[provinces[f"{code[:2]}0000"]].setdefault(city, []).extend(own)
    return table


def without_gone(provinces: Provinces) -> Provinces:
    """Return the table without districts renamed or merged: by old_districts.json, or X市 where X区 stands."""
    gone = old_names().districts
    return {
        province: {
            city: [
                name
                for name in names
                if name not in gone.get(province, {}).get(city, {})
                and not (name[-1] in "市县" and f"{name[:-1]}区" in names)
            ]
            for city, names in cities.items()
        }
        for province, cities in provinces.items()
    }


def led_nowhere(before: Provinces) -> list[str]:
    """Return the places of the table `before` that the table of today has not, and that lead to none of its places."""
    found = []
    for province, cities in before.items():
        for city, names in cities.items():
            for name in names:
                now = present((province, city, name))
                if now[-1] not in districts().get(now[0], {}).get(now[1], []):
                    found.append(f"{province} {city} {name}")
    return found


if __name__ == "__main__":
    before = districts()
    table = read(Path(sys.argv[1]))
    TABLE.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{TABLE}: {table['source']}, {len(table['provinces'])} provinces")
    districts.cache_clear()
    for place in led_nowhere(before):
        print(f"{place} is gone: say in functions/chalicelib/old_districts.json what it is today")
