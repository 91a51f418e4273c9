"""The folders of site/assets/js and what they may import: core < state < widgets < pages, and no page another's."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from storefront.build.bundles import imports

from tests.site.helpers.built import REPO

SCRIPTS = REPO / "site/assets/js"
FLOORS = ("core", "state", "widgets", "pages")
"""A module imports from its own folder, from the one that this lies in, and from the floors before it."""
NAMED = re.compile(r"""\bfrom\s+["'`]|\bimport\s*[("'`]""")
"""Anything that looks like an import, in whatever form."""
CARRIED = {"pages/packing/camera.js": 1}
"""Imports of what the shop carries as it was published, site/assets/zxing: the page says where it lies."""

SOURCES = {path.relative_to(SCRIPTS).as_posix(): path.read_text() for path in sorted(SCRIPTS.rglob("*.js"))}


def room(name: str) -> str:
    """The folder that a module belongs to: core, pages/cart."""
    return name.rpartition("/")[0]


def broken(sources: Mapping[str, str]) -> list[str]:
    """The imports that go against the floors."""
    return [
        f"{name} imports {other}"
        for name, source in sources.items()
        for other in imports(name, source)
        if FLOORS.index(other.partition("/")[0]) > FLOORS.index(name.partition("/")[0])
        or (other.startswith("pages/") and not f"{room(name)}/".startswith(f"{room(other)}/"))
    ]


def test_scripts_import_from_their_own_folder_and_from_the_floors_below() -> None:
    assert broken(SOURCES) == []


@pytest.mark.parametrize(
    ("name", "line", "other"),
    [
        ("core/api.js", 'import { lines } from "../state/cart.js";', "state/cart.js"),
        ("state/cart.js", 'import { mark } from "../widgets/form.js";', "widgets/form.js"),
        ("widgets/form.js", 'import "../pages/cart/cart.js";', "pages/cart/cart.js"),
        ("pages/cart/cart.js", 'import * as consent from "../checkout/consent.js";', "pages/checkout/consent.js"),
        ("pages/desk/opening.js", 'import "./plan/plan.js";', "pages/desk/plan/plan.js"),
        ("pages/cart/cart.js", 'const later = () => import("../product/waitlist.js");', "pages/product/waitlist.js"),
    ],
)
def test_an_import_that_goes_up_or_across_is_named(name: str, line: str, other: str) -> None:
    assert broken({**SOURCES, name: f"{line}\n{SOURCES[name]}"}) == [f"{name} imports {other}"]


@pytest.mark.parametrize("name", SOURCES)
def test_every_import_of_a_module_is_one_that_is_read_and_leads_to_a_module(name: str) -> None:
    code = re.sub(r"/\*.*?\*/", "", SOURCES[name], flags=re.DOTALL)  # types are imported in comments, and cost nothing
    found = imports(name, SOURCES[name])
    assert len(found) == len(NAMED.findall(code)) - CARRIED.get(name, 0)
    assert {other for other in found if not other.startswith("core/words-")} <= {*SOURCES}


def test_no_two_modules_that_a_page_may_run_have_one_name_since_their_files_lie_in_one_folder() -> None:
    names = Counter(name.rpartition("/")[2] for name in SOURCES if name.startswith(("pages/", "widgets/")))
    assert [name for name, number in names.items() if number > 1] == []


def test_every_module_lies_on_a_floor() -> None:
    assert {Path(name).parts[0] for name in SOURCES} == {*FLOORS}
