"""What is made up is said once a page, and at a record only where that stands among real ones."""

import pytest
from storefront.build.samples import Samples


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
