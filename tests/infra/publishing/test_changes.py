"""What a publication changes, as the list tells it to whoever publishes."""

import msgspec
import pytest
from chalicelib.catalog import Catalog, Text
from cunbo.publishing.changes import PageTexts, changed_parts, read_page
from storefront.check import content

from tests.functions.helpers.world import ROOT

PAGE = "<html><head><title>{title} | 小铺</title><script>no()</script></head><body>{body}</body></html>"


@pytest.fixture(scope="module")
def live() -> Catalog:
    return content.read(ROOT / "content")


def page(path: str, live: str | None, new: str | None) -> PageTexts:
    html = [None if body is None else PAGE.format(title=path, body=body).encode() for body in (live, new)]
    return PageTexts(f"/{path}/", *html)


def with_product(live: Catalog, **fields: object) -> Catalog:
    """The catalogue with other fields of its first product."""
    first, *others = live.products
    return msgspec.structs.replace(live, products=(msgspec.structs.replace(first, **fields), *others))


def told(live: Catalog, new: Catalog, lang: str = "zh", *pages: PageTexts) -> dict[str, tuple[str, ...]]:
    return {part.kind: part.lines for part in changed_parts(live, new, pages, ({}, {}), lang)}


def test_nothing_is_told_of_what_is_live_already(live: Catalog) -> None:
    assert told(live, live, "zh", page("a", "<p>字</p>", "<p class='other'>字</p>")) == {}


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "辣白菜 500 克: ¥29.90 → ¥31.90"), ("en", "Spicy cabbage 500 g: ¥29.90 → ¥31.90")]
)
def test_a_price_is_told_from_to_in_the_publishers_language(live: Catalog, lang: str, said: str) -> None:
    packs = live.products[0].packs
    dearer = (msgspec.structs.replace(packs[0], price=3190), *packs[1:])
    assert told(live, with_product(live, packs=dearer), lang) == {"prices": (said,)}


def test_words_of_a_record_are_told_from_to_and_other_fields_by_their_names(live: Catalog) -> None:
    changed = with_product(live, summary=Text("新坛", "New jar"), pictures=live.products[0].pictures[:1])
    (words, pictures) = told(live, changed, "en")["records"]
    assert words.startswith("Product Spicy cabbage: ") and words.endswith("→ New jar")
    assert "→" not in pictures


def test_goods_packs_and_rooms_that_come_and_go_are_named(live: Catalog) -> None:
    fewer = msgspec.structs.replace(live, products=live.products[1:], rooms=live.rooms[:-1])
    gone = told(live, fewer)["records"]
    assert [line for line in gone if "辣白菜" in line] == ["拿掉：商品 辣白菜"]
    assert len(gone) == 2
    assert "新增：商品 辣白菜" in told(fewer, live)["records"]
    one_pack = with_product(live, packs=live.products[0].packs[:1])
    assert any(line.startswith("商品 辣白菜: 拿掉：") for line in told(live, one_pack)["records"])


def test_pages_tell_the_lines_that_readers_will_see_differ_those_of_one_page_first(live: Catalog) -> None:
    pages = (
        page("a", "<p>旧的</p><p>同</p>", "<p>新<b>的</b></p><p>同</p>"),
        page("b", "<p>旧的</p>", "<p>新的</p>"),
        page("c", "<p>同</p>", "<p>同</p><p>只在这里</p>"),
        page("gone", "<p>字</p>", None),
        page("came", None, "<p>字</p>"),
    )
    lines = told(live, live, "zh", *pages)["pages"]
    assert lines[:2] == ("拿掉：gone (/gone/)", "新增：came (/came/)")
    assert lines[2:] == ("c (/c/)\n+ 只在这里", "2 个页面：a (/a/), b (/b/) 等\n− 旧的\n+ 新的")


def test_where_a_changed_price_is_shown_the_number_of_pages_is_told_alone(live: Catalog) -> None:
    pages = [page(name, "<p>¥29.90 起</p>", "<p>¥31.90 起</p>") for name in "abc"]
    assert told(live, live, "zh", *pages)["pages"] == ("3 个页面上的价格跟着变",)


def test_pictures_and_films_are_told_by_their_own_addresses_and_not_by_their_smaller_copies(live: Catalog) -> None:
    before = {"products/old.jpg": "1", "products/same.jpg": "1", "pictures/0123456789ab/640.webp": "1", "a.html": "1"}
    after = {
        "products/new.jpg": "1",
        "products/same.jpg": "2",
        "pictures/0123456789cd/640.webp": "1",
        "videos/a.mp4": "1",
    }
    (part,) = changed_parts(live, live, [], (before, after), "en")
    assert part.lines == (
        "New: /products/new.jpg",
        "Goes: /products/old.jpg",
        "Replaced: /products/same.jpg",
        "New: /videos/a.mp4",
    )


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>一<br>二</p>", ["一", "二"]),
        ("<ul><li>a <a href='x'>b</a>c<li>d</ul>", ["a bc", "d"]),
        ("<template><p>x</p></template><p>y</p><script>'</p>z'</script>", ["y"]),
        ("<p>a &amp; b</p><nav>menu</nav><p>not closed", ["a & b", "not closed"]),
        ("<nav><p>menu</nav></p></nav><p>after</p>", ["after"]),
        ("", []),
    ],
)
def test_a_page_is_read_as_its_readers_see_it(html: str, lines: list[str]) -> None:
    assert read_page(html.encode())[1] == lines


def test_bytes_that_are_no_text_are_read_too() -> None:
    assert read_page(b"<title>\xff</title>\xff")[0] == "�"
