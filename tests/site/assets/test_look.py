"""The shop's colours by day and by night, held to WCAG 2.2, and its sizes of letters, read from the stylesheets."""

import re
from pathlib import Path

import pytest

from tests.site.helpers.built import REPO

CSS = REPO / "site/assets/css"
SHOP, LOOK = (CSS / "shop.css").read_text(), (CSS / "pages/look.css").read_text()
PAPERS = ("paper", "card", "tint")
SIZES = {"0.9rem", "1.0625rem", "1.25rem", "1.75rem", "2.25rem", "2.75rem"}
UNLIKE = {"board", "overlay", "print"}
"""Sheets whose letters are as large as a wall, a stream or paper ask for."""
TEXT, PART = 4.5, 3.0
"""What WCAG asks of text (1.4.3) and of the edges of what is used (1.4.11)."""


def colours(css: str, selector: str) -> dict[str, str]:
    """The colours that the rule sets."""
    rule = re.search(rf"{re.escape(selector)} \{{(.*?)\}}", css, re.DOTALL)
    assert rule, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rule[1]))


DAY = colours(SHOP, ":root")
NIGHT = DAY | colours(SHOP[SHOP.index("prefers-color-scheme: dark") :], ":root")


def luminance(colour: str) -> float:
    """As WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(
    ("front", "backs", "least"),
    [
        ("ink", (*PAPERS, "rose", "good", "warn"), TEXT),
        ("soft", (*PAPERS, "rose"), TEXT),
        ("red", (*PAPERS, "rose"), TEXT),
        ("red-deep", (*PAPERS, "rose", "warn"), TEXT),
        ("leaf", (*PAPERS, "good"), TEXT),
        ("amber", (*PAPERS, "warn"), TEXT),
        ("on-seal", ("seal", "seal-deep"), TEXT),
        ("edge", ("paper", "card"), PART),
        ("seal", ("paper", "card"), 2.5),  # a button's ground, which its words stand out from
    ],
)
def test_words_and_edges_stand_out(scheme: dict[str, str], front: str, backs: tuple[str, ...], least: float) -> None:
    weak = {back: round(contrast(scheme[front], scheme[back]), 2) for back in backs}
    assert {back: found for back, found in weak.items() if found < least} == {}


@pytest.mark.parametrize(("selector", "scheme"), [(".light", DAY), (".dark", NIGHT)])
def test_the_page_of_the_look_shows_the_shops_own_colours(selector: str, scheme: dict[str, str]) -> None:
    shown = colours(LOOK, selector)
    assert shown == {name: scheme[name] for name in shown}
    assert {name for name in NIGHT if NIGHT[name] != DAY[name]} <= shown.keys()


@pytest.mark.parametrize(
    "sheet", sorted(path for path in CSS.rglob("*.css") if path.stem not in UNLIKE), ids=lambda path: path.stem
)
def test_letters_have_six_sizes(sheet: Path) -> None:
    sizes = re.findall(r"font(?:-size)?:[^;}]*?([\d.]+(?:rem|px|em))", sheet.read_text())
    assert set(sizes) <= SIZES


def test_a_list_has_markers_only_where_it_keeps_room_for_them() -> None:
    """Else they hang off the edge of a phone's page."""
    assert re.search(r"ul, ol \{ list-style: none; \}", SHOP), "no list has any unless a rule says so"
    rules = {
        f"{sheet.stem}: {rule[1].strip()}": rule[2]
        for sheet in CSS.rglob("*.css")
        for rule in re.finditer(r"([^{}]+)\{([^{}]*)\}", sheet.read_text())
    }
    marked = {name: rule for name, rule in rules.items() if re.search(r"list-style[^;]*: (?!none)", rule)}
    assert len(marked) > 1
    kept = "padding-left: 1.4em"  # by the rule of prose for both kinds of its lists
    assert {name for name, rule in marked.items() if kept not in rule} == {"prose: .prose ol"}


def loose_gaps(css: str) -> list[str]:
    """The rules that set a gap for what no rule lays out as a grid or in columns."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    grids = {one.strip() for selectors, body in rules for one in selectors.split(",") if "display: grid" in body}
    return [
        selectors.strip()
        for selectors, body in rules
        if re.search(r"\bgap: (?!0;)", body)
        and not re.search(r"\b(grid|columns)\b", body)
        and not {one.strip() for one in selectors.split(",")} & grids
    ]


def test_no_row_of_boxes_has_a_gap_which_ios_14_knows_in_grids_alone() -> None:
    sheets = "\n".join(sheet.read_text() for sheet in CSS.rglob("*.css"))
    assert loose_gaps(sheets) == []
    assert loose_gaps(f"{sheets} .row {{ display: flex; gap: 8px; }}") == [".row"]
