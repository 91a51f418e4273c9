"""What is typed or pasted, as the page's own module reads it: the same as the shop's, by the tables that both share."""

import json
from pathlib import Path
from typing import Any

from tests.browser.conftest import Visit
from tests.site.helpers.built import REPO

MODULE = (REPO / "site/assets/js/core/text.js").read_text(encoding="utf-8")
SHARED = REPO / "tests/functions/domain"
TYPED: list[dict[str, Any]] = json.loads(Path(SHARED / "typed.json").read_text(encoding="utf-8"))
PHONES: list[dict[str, str]] = json.loads(Path(SHARED / "phones.json").read_text(encoding="utf-8"))


def test_the_page_cleans_and_judges_what_is_typed_as_the_shop_does(visit: Visit) -> None:
    shopper = visit()
    shopper.page.route(
        "**/assets/text-under-test.js", lambda route: route.fulfill(body=MODULE, content_type="text/javascript")
    )
    shopper.open("/pages/contact/")
    typed, phones = shopper.page.evaluate(
        """async ([typed, phones]) => {
          const text = await import("/assets/text-under-test.js");
          const rules = {
            name: [text.tidyName, text.isName],
            street: [text.tidy, text.isStreet],
            district: [text.tidy, text.isDistrict],
            email: [text.tidyEmail, text.isEmail],
            digits: [text.tidyDigits, (digits) => /^\\d{4,20}$/.test(digits)],
          };
          const read = ({ field, typed }) => [rules[field][0](typed), rules[field][1](rules[field][0](typed))];
          return [typed.map(read), phones.map(({ typed }) => text.phone(typed))];
        }""",
        [TYPED, PHONES],
    )
    for case, (clean, fits) in zip(TYPED, typed, strict=True):
        assert (clean, fits) == (case["clean"], not case.get("refused", False)), case
    for case, found in zip(PHONES, phones, strict=True):
        assert found == (f"+86{case['phone']}" if "phone" in case else ""), case
