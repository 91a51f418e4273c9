"""What a page's frame makes of what its template says."""

import pytest
from markupsafe import Markup
from storefront.build.frame import LONGEST_TITLE, Samples, headed


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("辣白菜 500 克 ¥29.90 | 高台子村", "辣白菜 500 克 ¥29.90 | 高台子村 | 村播小铺"),
        (Markup("Room three:\n specialties of Ji&#39;an"), "Room three: specialties of Ji'an | 村播小铺"),
        ("A &lt; B", "A &lt; B | 村播小铺"),
        (f"{'a' * 50} | the village of Gaotaizi", f"{'a' * 50} | 村播小铺"),
        (f"{'a' * 66} | the village of Gaotaizi", "a" * 66),
        (f"{'word ' * 13}, {'b' * 20}", f"{('word ' * 13).strip()}…"),
        ("长" * 400, "长" * 69 + "…"),
    ],
)
def test_a_title_keeps_what_comes_first_within_what_is_shown_of_it(title: str, expected: str) -> None:
    assert headed(title, "村播小铺") == expected
    assert len(expected) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("shop", "own", "bar", "tags"),
    [
        (True, True, "shop", (False, False)),
        (True, False, "shop", (False, False)),
        (False, True, "record", (True, False)),
        (False, False, "", (True, False)),
    ],
    ids=["a sample shop's sample", "a sample shop's page", "a real shop's sample", "a real shop's page"],
)
def test_a_page_has_one_bar_or_tags_at_its_samples(shop: bool, own: bool, bar: str, tags: tuple[bool, bool]) -> None:
    marks = Samples(shop)
    assert marks.bar(own) == bar
    assert (marks.tagged(True), marks.tagged(False)) == tags
    assert not marks.tagged(True, own=True), "the bar of its own page says it"
