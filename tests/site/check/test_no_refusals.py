"""No page, letter or text message says that unfit food is not paid for: that would be void, and against the law."""

import re
from pathlib import Path

import pytest

from tests.functions.helpers.world import ROOT

SAID = (
    *sorted((ROOT / "site/storefront/read").glob("messages.yml")),
    *(one for one in sorted((ROOT / "functions/chalicelib/mail/letters").rglob("*.*")) if one.parent.name != "trouble"),
    ROOT / "functions/chalicelib/sms/messages.toml",
    *sorted((ROOT / "content").rglob("*.md")),
    *sorted((ROOT / "content").rglob("*.yml")),
    *sorted((ROOT / "site/theme").rglob("*.html")),
)
"""Whatever buyers and staff read; the letter on troubles tells the manager what not to pay twice."""
REFUSALS = re.compile(
    r"不退不换|概不退|不予退|恕不退|不接受退|不给退|不能退款|不负责退|售出不退|离柜概不"
    r"|no refunds?\b(?! so far)|non-?refundable|not refundable|(?:cannot|can't|won't|don't|never) (?:be )?refund(?:ed)?"
    r"|all sales (?:are )?final",
    re.IGNORECASE,
)
QUOTED = "“食品不退不换”不是理由"
"""What the desk tells the manager: that this is no reason."""


def test_the_test_knows_a_refusal() -> None:
    for words in ("食品售出，概不退换", "Food is non-refundable.", "Sorry, no refunds", "We can't refund this"):
        assert REFUSALS.search(words)


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_is_read_refuses_to_pay_for_unfit_food(path: Path) -> None:
    said = path.read_text(encoding="utf-8").replace(QUOTED, "")
    assert not REFUSALS.findall(said)
