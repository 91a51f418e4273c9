"""Headings are set in the shop's own Kai: as many as fit into the weight, each of them whole."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from storefront.build.lettering import FONT, HEAVIEST, SELLING, Lettering, chosen, cut, messages_in, name_of

from tests.site.helpers.built import REPO, every_page, page, stored
from tests.site.helpers.pages import WRITTEN

SOURCE = REPO / "site/fonts" / FONT
HEADING = re.compile(r'<(?:h[12]|span) [^>]*class="kai"[^>]*>([^<]+)<')
SIGNS = st.text("村播小铺辣白菜玉米面条·1 ", max_size=6)


def signs(font: bytes | Path) -> set[str]:
    """The signs that a font has."""
    return set(map(chr, TTFont(io.BytesIO(font) if isinstance(font, bytes) else font, lazy=True).getBestCmap()))


def fonts_of(site: Path, address: str) -> set[str]:
    """The fonts that a browser fetches for a page: those that its sheet names, and its headings ask for."""
    html = page(site, address)
    if "kai" not in {name for _, own in html.elements for name in str(own.get("class") or "").split()}:
        return set()
    (sheet,) = html.all("link", rel="stylesheet")
    return set(re.findall(r"fonts/(\w+)\.woff2", stored(site, str(sheet["href"])).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("<h1{{ kai(t.cart) }}>{{ t.cart }}</h1>", ["cart"]),
        ('<h2 id="a"{{ kai(t.b) }}>{{ t.b }}</h2><h2>{{ t.no }}</h2><h3>{{ t.no }}</h3><p>{{ t.no }}</p>', ["b"]),
        ('{{ goods(some, "goods", t.home.goods, place="block") }}', ["home.goods"]),
        ('{{ places("rooms", t.product.rooms, rooms=told.rooms) }}{{ voices("x", t.voices.a, t.voices.b) }}',
         ["product.rooms", "voices.a", "voices.b"]),
        ("<h2{{ kai(it) }}>{{ t.a if x else t.b }}</h2>", ["a", "b"]),
        ("<h1{{ kai(name) }}>{{ product.name[lang] }}</h1>", []),
    ],
)  # fmt: skip
def test_the_words_of_headings_are_found_in_templates(template: str, names: list[str]) -> None:
    assert messages_in(template) == names


@pytest.mark.parametrize(
    ("said", "most", "signs_of"),
    [
        (["村播", "播村小"], 9, "村播小"),
        (["村播小铺", "辣白菜", "小村"], 4, "村播小铺"),
        (["村播小铺辣", "白菜"], 4, "白菜"),
        (["龘村", "村播"], 9, "村播"),
        (["", " "], 9, ""),
    ],
    ids=["shared signs count once", "what does not fit is left", "a later one may fit", "a rare sign", "no word"],
)
def test_a_heading_has_all_its_signs_or_none(said: list[str], most: int, signs_of: str) -> None:
    assert chosen(said, frozenset("村播小铺辣白菜"), most) == frozenset(signs_of)


@given(st.lists(SIGNS, max_size=8), st.frozensets(st.sampled_from("村播小铺辣白菜玉米面条·1")), st.integers(0, 12))
def test_no_sign_is_taken_that_no_whole_heading_needs(said: list[str], has: frozenset[str], most: int) -> None:
    taken = chosen(said, has, most)
    whole = [set("".join(one.split())) for one in said if set("".join(one.split())) <= taken]
    assert len(taken) <= most and taken <= has and taken == set().union(*whole)


@pytest.mark.parametrize(
    ("heading", "lettered"),
    [("村播", True), ("村 播", True), ("村播小", False), ("Cunbo", False), ("", False), ("<b>村</b>", False)],
)
def test_a_heading_is_lettered_where_the_font_has_all_of_it(heading: str, lettered: bool) -> None:
    made = Lettering("selling", frozenset("村播"), b"")
    assert made.kai(heading) == (' class="kai"' if lettered else "")
    assert made.kai_in(f'<h2 id="x">{heading}</h2>') == f'<h2 id="x"{made.kai(heading)}>{heading}</h2>'


def test_the_headings_of_one_text_are_lettered_together_or_not_at_all() -> None:
    made = Lettering("telling", frozenset("村播"), b"")
    assert made.kai_in("<h2>村</h2><p>铺</p><h2>播</h2>").count("kai") == 2
    assert made.kai_in("<h2>村</h2><p>铺</p><h2>铺</h2>").count("kai") == 0


def test_the_same_signs_are_cut_to_the_same_bytes() -> None:
    made = cut(SOURCE, "辣白菜，1")
    assert made == cut(SOURCE, "1，菜白辣")
    assert signs(made) == set("辣白菜，1")
    assert len(made) < 3_000


def test_a_page_loads_one_file_of_its_signs_and_at_most_20_kb(site: Path) -> None:
    files = {path.stem: path.read_bytes() for path in site.glob("assets/*/fonts/*.woff2")}
    assert {name: len(font) <= HEAVIEST <= 20_000 for name, font in files.items()} == dict.fromkeys(files, True)
    has = {name: signs(font) for name, font in files.items()}
    lettered = 0
    for address in every_page(site):
        loaded = fonts_of(site, address)
        assert len(loaded) <= 1
        told = HEADING.findall(page(site, address).text)
        lacking = {sign for heading in told for sign in heading if not sign.isspace()} - has[min(loaded or has)]
        assert not (told and lacking), f"{address}: {lacking}"
        lettered += bool(told)
    assert lettered > 20


def test_what_sells_and_what_tells_is_lettered_in_chinese_and_english_loads_no_font(site: Path) -> None:
    assert {name_of(template) for template in SELLING} == {"selling"}
    told = [path for path in WRITTEN if path.startswith(("/stories/", "/villages/", "/videos/"))]
    sold = ["/", "/products/spicy-cabbage/", "/rooms/cabbage-1/"]
    for font, addresses in {"selling": sold, "telling": told, "reading": ["/cart/", "/pages/delivery/"]}.items():
        for address in addresses:
            assert re.search(r"<h1[^>]* class=\"kai\"", page(site, address).text), address
            assert fonts_of(site, address) == {font}
            assert fonts_of(site, f"/en{address}") == set()


def test_the_licence_lies_beside_the_font_and_no_page_waits_for_it(site: Path) -> None:
    (licence,) = site.glob("assets/*/fonts/OFL.txt")
    assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8")
    html = page(site, "/products/spicy-cabbage/")
    assert not html.all("link", rel="preload")
    (sheet,) = html.all("link", rel="stylesheet")
    css = stored(site, str(sheet["href"])).read_text(encoding="utf-8")
    assert css.count("@font-face") == css.count("font-display:swap") == 1
