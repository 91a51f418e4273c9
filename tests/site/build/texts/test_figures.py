"""Pictures in texts: one alone is a figure with its caption, several in a paragraph stand in even rows, each leads to
itself."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from storefront.build import figures
from storefront.build.media.pictures import Shot
from storefront.build.texts import PageText, TextPlace
from storefront.read import texts

SHAPES = {"wide": (1600, 1200), "tall": (1200, 1600), "flat": (3000, 1000)}
SHOTS = {
    f"/stories/x/{name}.jpg": Shot(*size, "/card.jpeg", {"webp": [(400, "/p/400.webp")]}, [])
    for name, size in SHAPES.items()
} | {"/stories/x/drawn.svg": Shot(800, 600, "/card.jpeg", {}, [])}
WIDE, TALL, FLAT = 4 / 3, 3 / 4, 3.0


def made(text: str) -> str:
    place = TextPlace("/stories/x/", "zh", SHOTS, lambda name: False)
    return Markdown(extensions=[*texts.EXTENSIONS, PageText(place)]).convert(text)


def bare(html: str) -> str:
    """The HTML without what says how a picture is loaded."""
    kept = re.sub(r"</?picture>|<source[^>]*>| (?:alt|height|loading|title|width)=\"[^\"]*\"", "", html)
    return re.sub(r'<a data-zoom="" href="/stories/x/(\w+)\.\w+"><img src="[^"]*"></a>', r"[\1]", kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![白菜](wide.jpg)", "<p>[wide]</p>"),
        ("![白菜](drawn.svg '一坛')", "<figure>[drawn]<figcaption><span>一坛</span></figcaption></figure>"),
        (
            "前\n\n![甲](wide.jpg '一')\n![乙](tall.jpg '二')\n\n后",
            '<p>前</p>\n<figure class="strip"><div><figure>[wide]<figcaption>一</figcaption></figure>'
            "<figure>[tall]<figcaption>二</figcaption></figure></div></figure>\n<p>后</p>",
        ),
        (
            "![甲](tall.jpg '一')\n![乙](tall.jpg '二')\n![丙](tall.jpg '三')",
            '<figure class="strip"><div>[tall][tall][tall]</div>'
            "<figcaption><span>一</span><span>二</span><span>三</span></figcaption></figure>",
        ),
        (
            "![甲](wide.jpg) ![乙](tall.jpg)  \n![丙](wide.jpg)",
            '<figure class="strip"><div>[wide][tall][wide]</div></figure>',
        ),
        (
            "![甲](flat.jpg)\n![乙](wide.jpg)\n![丙](wide.jpg '只有它')",
            '<figure class="strip"><div>[flat]</div><div>[wide][wide]</div>'
            "<figcaption><span>只有它</span></figcaption></figure>",
        ),
        (
            "> ![甲](wide.jpg '引')",
            "<blockquote>\n<figure>[wide]<figcaption><span>引</span></figcaption></figure>\n</blockquote>",
        ),
        ("看：![甲](wide.jpg '一') 和 ![乙](tall.jpg)", "<p>看：[wide] 和 [tall]</p>"),
        ("- ![甲](wide.jpg)", "<ul>\n<li>[wide]</li>\n</ul>"),
    ],
)  # fmt: skip
def test_a_paragraph_of_pictures_becomes_what_its_pictures_are(text: str, expected: str) -> None:
    assert bare(made(text)) == expected


@pytest.mark.parametrize("text", ["[![白菜](wide.jpg)](#a)", "[看![白菜](wide.jpg '一')](#a)", "## ![白菜](wide.jpg)"])
def test_a_picture_that_leads_elsewhere_or_names_a_part_does_not_lead_to_itself(text: str) -> None:
    assert "data-zoom" not in made(text) and "<figure" not in made(text)


def test_a_picture_that_is_not_published_stays_as_it_was() -> None:
    assert made("![白菜](gone.jpg '一')") == '<p><img alt="白菜" src="/stories/x/gone.jpg" title="一"></p>'


def test_a_caption_says_latin_words_in_their_own_language() -> None:
    assert '<span><span lang="en">Jar of cabbage</span></span>' in made("![白菜](wide.jpg 'Jar of cabbage')")


def test_pictures_of_a_row_ask_for_widths_by_their_shapes_and_for_files_as_wide_as_they_are_shown() -> None:
    html = made("![甲](wide.jpg)\n![乙](tall.jpg)")
    assert [*re.findall(r'height="(\d+)"', html)] == ["2000", "2000"]
    assert [*re.findall(r'width="(\d+)"', html)] == ["2667", "1500"]
    assert [*re.findall(r'sizes="([^"]+)"', html)] == [
        "(min-width: 720px) 436px, 64vw",
        "(min-width: 720px) 245px, 37vw",
    ]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([WIDE, WIDE], (2,)),
        ([TALL, TALL, TALL], (3,)),
        ([WIDE] * 4, (2, 2)),
        ([FLAT, WIDE, WIDE], (1, 2)),
        ([FLAT, FLAT], (1, 1)),
        ([TALL, WIDE], (2,)),
        ([TALL] * 4, (4,)),
        ([WIDE] * 5 + [TALL], (2, 2, 2)),
    ],
)
def test_rows_are_of_two_or_three_and_a_panorama_has_its_own(shapes: list[float], expected: tuple[int, ...]) -> None:
    assert figures.rows(tuple(shapes)) == expected


@given(st.lists(st.floats(0.06, 400), min_size=1, max_size=40))
def test_every_picture_stands_in_one_row_of_at_most_four(shapes: list[float]) -> None:
    found = figures.rows(tuple(shapes))
    assert sum(found) == len(shapes) and all(1 <= count <= figures.MOST for count in found)


def test_the_page_for_photographers_shows_its_pairs_side_by_side(site: Path) -> None:
    html = (site / "pages/photographs/index.html").read_text(encoding="utf-8")
    strips = re.findall(r'<figure class="strip">(.*?)</div></figure>', html, re.DOTALL)
    assert len(strips) >= 6
    assert all(strip.count("<figcaption>") == strip.count("data-zoom") == 2 for strip in strips)
    assert all(strip.count("<div>") == 1 for strip in strips)
