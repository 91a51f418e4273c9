"""What templates tell the frame that they fill, and what kinds of elements they have for the scripts."""

import re

import jinja2
import pytest
from storefront.build import pages

from tests.site.helpers.built import REPO

THEME = REPO / "site/theme"
TEMPLATES = sorted(path.relative_to(THEME).as_posix() for path in THEME.rglob("*.html"))
FRAMES = {"shop.html", "article.html"}
"""The templates that others extend."""
TAGS = {
    "Anchor": "a",
    "Button": "button",
    "Canvas": "canvas",
    "Details": "details",
    "Form": "form",
    "Image": "img",
    "Input": "input",
    "Select": "select",
    "Video": "video",
}
"""The tags of elements by what their types in site/types/shop.d.ts are called."""
PARTS = re.findall(
    r'^  "?([\w-]+)"?: (?:HTML)?\w*?(' + "|".join(TAGS) + r")(?:Element)?;$",
    (REPO / "site/types/shop.d.ts").read_text().partition("interface Parts {")[2].partition("\n}")[0],
    re.MULTILINE,
)


def environment(**templates: str) -> jinja2.Environment:
    """The theme, with these templates beside it, by name without ending."""
    loaders = [jinja2.DictLoader({f"{name}.html": text for name, text in templates.items()})]
    return pages.prepare(jinja2.Environment(loader=jinja2.ChoiceLoader([*loaders, jinja2.FileSystemLoader(THEME)])))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{% set frame = Frame(sheet=["prose"]) %}{% extends "shop.html" %}', "unexpected keyword argument 'sheet'"),
        ('{% set frame = Article(name="x") %}{% extends "article.html" %}', "missing .* argument: 'record'"),
        ('{% extends "shop.html" %}', "'frame' is undefined|'lang' is undefined"),
        ("{{ no_such_name }}", "'no_such_name' is undefined"),
        ("{{ frame.no_such_name }}", "has no attribute 'no_such_name'"),
    ],
)
def test_a_name_that_is_missing_or_misspelt_fails_the_build(text: str, error: str) -> None:
    env = environment(page=text)
    with pytest.raises((TypeError, jinja2.UndefinedError), match=error):
        env.get_template("page.html").render({} if "extends" in text else {"frame": pages.Frame()})


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_that_fills_a_frame_says_what_this_needs_in_one_place(name: str) -> None:
    text = (THEME / name).read_text()
    fills = {base for base in FRAMES if f'{{% extends "{base}" %}}' in text} - (
        {"shop.html"} if name in FRAMES else set()
    )
    assert len(re.findall(r"\{% set frame = (?:Frame|Article)\(", text)) == len(fills)


def test_the_types_of_parts_are_told_for_scripts() -> None:
    assert len(PARTS) > 30


@pytest.mark.parametrize(("part", "kind"), PARTS)
def test_a_part_that_scripts_take_for_some_kind_of_element_is_one_in_a_template(part: str, kind: str) -> None:
    theme = "".join((THEME / name).read_text() for name in TEMPLATES)
    assert re.search(rf'<{TAGS[kind]}\b[^<>]*\bdata-part="{part}"', theme)
