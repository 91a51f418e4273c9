"""What buyers and readers have said, in the pages as they are built: for who has no script, and for search engines."""

from pathlib import Path

import pytest
from storefront.build import spoken

from tests.site.helpers.built import VOICES, english, page, stored, structured
from tests.site.helpers.pages import CATALOG

CABBAGE = "/products/spicy-cabbage/"


@pytest.mark.parametrize(
    ("address", "who"),
    [
        (CABBAGE, "王**<br>呼和浩特市"),
        (english(CABBAGE), '<span lang="zh-CN">王</span>**<br><span lang="zh-CN">呼和浩特市</span>'),
    ],
)
def test_a_product_says_the_newest_few_as_text_and_tells_machines_of_all(site: Path, address: str, who: str) -> None:
    text = stored(site, address).read_text(encoding="utf-8")
    assert "&lt;/dl&gt;&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text
    assert who in text
    assert "★★★★★" in text
    assert structured(site, address, "Product")["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": "4.6", "reviewCount": 12,
    }  # fmt: skip


def test_what_nobody_has_reviewed_claims_no_stars(site: Path) -> None:
    other = next(product for product in CATALOG.products if product.id != "spicy-cabbage")
    assert "aggregateRating" not in structured(site, f"/products/{other.id}/", "Product")
    assert len(page(site, f"/products/{other.id}/").all("dl")) < len(page(site, CABBAGE).all("dl"))


def test_a_story_says_what_its_readers_say_and_has_their_form(site: Path) -> None:
    assert "那年的雪真大" in stored(site, "/stories/corn-to-noodle/").read_text(encoding="utf-8")
    for address in ("/stories/corn-to-noodle/", "/stories/ship-by/", "/videos/a-jar-of-cabbage/"):
        html = page(site, address)
        [section] = html.all("section", **{"data-part": "voices"})
        shelf, about = address.strip("/").split("/")
        assert section["data-about"] == f"{ {'stories': 'story', 'videos': 'video'}[shelf] }/{about}"
        assert html.all("form", **{"data-part": "comment"})


def test_without_an_export_nothing_is_said_and_one_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert spoken.read("") == {}
    with pytest.raises(OSError, match="gone"):
        spoken.read(str(tmp_path / "gone.json"))
    found = spoken.read(str(VOICES))
    assert (found["product/spicy-cabbage"].average, found["story/corn-to-noodle"].average) == (55 / 12, 0)
