"""What a no takes out of the built site, and that whatever a machine has made says so wherever it is shown."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.site.helpers.built import english, every_page, house, mkdocs, nodes, page

TITLE, MARK = "翻过山岭去", "（AI 生成画面和声音）"
TITLE_EN, MARK_EN = "Across the ridges", " (pictures and voice made by AI)"
STORY, GOODS = "/stories/corn-to-noodle/", "/products/corn-noodles/"
PEOPLE = """\
people:
  - {person: p1, may: [], until: 2099-12-31}
  - {person: p2, may: [site, feeds, live], until: 2026-01-01}
  - {person: p3, may: [site], until: 2099-12-31}
seen:
  - {file: stories/wang.jpg, people: [p1]}
  - {file: videos/a-jar-of-cabbage.mp4, people: [p2]}
  - {file: products/worker.jpg, people: [p3]}
"""


def coloured(colour: str) -> bytes:
    """A photograph of one colour, by which it is known again whatever is made of it."""
    data = BytesIO()
    Image.new("RGB", (800, 600), colour).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's site after three people were asked, and with one film that a machine has made."""
    folder = house(tmp_path_factory.mktemp("consent"))

    def change(file: str, *pairs: tuple[str, str]) -> None:
        path = folder / "content" / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (file, old)
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    (folder / "content/people.yml").write_text(PEOPLE, encoding="utf-8")
    (folder / "content/stories/wang.jpg").write_bytes(coloured("#ff00ff"))
    (folder / "content/products/worker.jpg").write_bytes(coloured("#00ff00"))
    words = "\n\n看[那段短片](../videos/a-jar-of-cabbage.md)，![赵四在装坛](wang.jpg)就是这样。\n"
    change("stories/corn-to-noodle.md", ("noodle-light.svg", "wang.jpg"))
    for name in ("stories/corn-to-noodle.md", "stories/corn-to-noodle.en.md"):
        path = folder / "content" / name
        path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    change("products/corn-noodles.md", ("pictures:\n", "pictures:\n  - {src: worker.jpg, alt: 一双手}\n"))
    change("products/corn-noodles.en.md", ("pictures:\n", "pictures:\n  - {src: worker.jpg, alt: Two hands}\n"))
    change("videos/up-the-mountain.md", ("title: 上山挖参\n", f"title: {TITLE}\nmachine: [picture, voice]\n"))
    change("videos/up-the-mountain.en.md", ("title: Up the mountain\n", f"title: {TITLE_EN}\n"))
    done = mkdocs(folder)
    assert done.returncode == 0, done.stderr
    return folder / "build" / "site"


def texts(site: Path) -> dict[str, str]:
    """Everything in the site that can be read."""
    endings = {".html", ".xml", ".json", ".txt", ".vtt", ".js"}
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*")
        if path.suffix in endings
    }


def colours(site: Path) -> dict[str, set[str]]:
    """The photographs of one colour, by colour, as paths of the site."""
    found: dict[str, set[str]] = {"no": set(), "here": set()}
    for path in site.rglob("*.jp*g"):
        with Image.open(path) as picture:
            red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
        kind = "no" if min(red, blue) > 200 > 60 > green else "here" if green > 200 > 60 > max(red, blue) else ""
        if kind:
            found[kind].add(path.relative_to(site).as_posix())
    return found


def test_a_no_or_a_passed_day_takes_a_person_out_of_the_whole_site(built: Path) -> None:
    said = texts(built)
    for gone in ("wang.jpg", "赵四", "a-jar-of-cabbage", "2099-12-31", "从桌边伸上来的小手"):
        assert [name for name, text in said.items() if gone in text] == []
    names = [path.relative_to(built).as_posix() for path in built.rglob("*")]
    assert [name for name in names if re.search("wang|a-jar-of-cabbage|people.yml", name)] == []
    assert colours(built)["no"] == set()
    for address in (STORY, english(STORY)):
        html = page(built, address).text
        assert "那段短片" in html
        assert "/villages/gaotaizi.svg" in html


def test_whom_others_may_not_show_is_on_the_shops_pages_alone(built: Path) -> None:
    shown = colours(built)["here"]
    assert "products/worker.jpg" in shown
    assert not [name for name in shown if name.endswith("card.jpeg")]
    for address in (GOODS, english(GOODS)):
        html = page(built, address)
        assert "worker.jpg" in html.text
        (card,) = [str(meta["content"]) for meta in html.all("meta", property="og:image")]
        told = [image for node in nodes(built, address) for image in node.get("image", [])]
        lent = [built / "pictures" / one.partition("/pictures/")[2] for one in (card, *told)]
        assert all(path.is_file() for path in lent)
        assert not {path.relative_to(built).as_posix() for path in lent} & shown


def test_wherever_a_film_that_a_machine_has_made_is_shown_it_says_so(built: Path) -> None:
    said = texts(built)
    for title, mark in ((TITLE, MARK), (TITLE_EN, MARK_EN)):
        places = {name: text for name, text in said.items() if title in text}
        bare = [name for name, text in places.items() if text.count(title) != text.count(title + mark)]
        assert bare == []
        wanted = {
            "feed.xml",
            "search.json",
            "videos/up-the-mountain/index.html",
            "products/fresh-ginseng/index.html",
            "channel/index.html",
            "channel/feed.xml",
        }
        prefix = "en/" if title == TITLE_EN else ""
        assert {prefix + name for name in wanted} <= places.keys()
    assert {path.name for path in built.rglob("*.mp4") if b'"Label":"1"' in path.read_bytes()} == {
        "up-the-mountain.mp4",
        "up-the-mountain-small.mp4",
    }
    for address in every_page(built):
        films = [node for node in nodes(built, address) if node["@type"] == "VideoObject"]
        assert all("AI" in node["name"] for node in films if TITLE in node["name"] or TITLE_EN in node["name"])
