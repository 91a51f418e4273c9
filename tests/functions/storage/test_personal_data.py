"""Each kind of item has its row in the table of what is kept of people: whoever adds a kind says so there."""

import re

from chalicelib.storage.keys import ITEMS

from tests.functions.helpers.world import ROOT

PAGE = ROOT / "infra/docs/privacy/personal-data.md"
TTL = re.compile("`ttl`")


def rows() -> dict[str, list[str]]:
    """What the page says of each kind: what of a person, how long, what ends it."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines)
    return {kind.strip("`").replace("\\|", "|"): rest for kind, *rest in cells}


def test_each_kind_of_item_has_its_row() -> None:
    missing = sorted(ITEMS.keys() - rows().keys())
    assert not missing, f"{PAGE.name}: say what these hold of people, how long, and what ends it: {missing}"


def test_what_tells_of_a_person_says_how_long_and_what_ends_it() -> None:
    for kind, (what, long, ends) in rows().items():
        assert what, kind
        if not what.startswith("nothing") and "for good" not in long:
            assert long, kind
            assert ends or kind.startswith("room#"), kind


def test_what_is_said_to_go_by_itself_has_a_ttl() -> None:
    for kind, (_, _, ends) in rows().items():
        assert not TTL.search(ends) or kind not in ITEMS or TTL.search(ITEMS[kind]), kind
        assert not (kind in ITEMS and TTL.search(ITEMS[kind])) or TTL.search(ends), kind
