"""Content is not code: nothing that a writer puts into the folder runs on the shop's pages, or is published unasked."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config
from PIL import Image
from storefront.check import markup
from storefront.check.content import look, read
from storefront.read import files, texts
from storefront.read.faults import ContentFault
from storefront.read.media import drawings

from tests.site.helpers.built import REPO, house, mkdocs
from tests.site.helpers.samples import GOOD, GOOD_VIDEO, faults, photograph, write

HOSTILE: dict[str, Any] = yaml.load(Path(__file__).with_name("hostile.yml").read_text(), yaml.CSafeLoader)
STORY = "stories/returnees.en.md"
BEFORE = str(GOOD[STORY]).count("\n")


def in_story(text: str) -> dict[str, str]:
    return {STORY: f"{GOOD[STORY]}\n{text}\n\nThe end.\n"}


def at(found: tuple[ContentFault, ...], file: str) -> list[int]:
    assert {fault.file for fault in found} == {f"content/{file}"}
    assert all(all((*fault.what, *fault.remedy)) for fault in found)
    return [fault.line for fault in found]


def test_there_are_a_hundred_of_them() -> None:
    assert sum(map(len, HOSTILE.values())) >= 100


@pytest.mark.parametrize("text", HOSTILE["texts"])
def test_a_text_is_words_and_what_markdown_makes_of_them(tmp_path: Path, text: str) -> None:
    lines = at(faults(tmp_path, **in_story(text)), STORY)
    assert set(lines) <= set(range(BEFORE + 2, BEFORE + 3 + text.count("\n")))


@pytest.mark.parametrize("link", HOSTILE["links"])
@pytest.mark.parametrize("form", ["[look]({})", "Words, and *[look]({} 'a title')*.", "[look][r]\n\n[r]: {}"])
def test_a_link_leads_to_a_page_a_mailbox_or_a_phone(tmp_path: Path, link: str, form: str) -> None:
    lines = at(faults(tmp_path, **in_story(form.format(link))), STORY)
    assert lines == [BEFORE + 2 + form.count("\n")] or lines == [BEFORE + 2]


@pytest.mark.parametrize("value", HOSTILE["fields"])
def test_a_field_is_words(tmp_path: Path, value: str) -> None:
    name = "products/spicy-cabbage.md"
    changed = str(GOOD[name]).replace("summary: 整叶手工抹料", f"summary: '{value}'")
    assert set(at(faults(tmp_path, **{name: changed}), name)) == {4}


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "javascript:alert(1)", "http://evil.example/"])
def test_so_is_one_of_the_shop(tmp_path: Path, value: str) -> None:
    changed = str(GOOD["shop.yml"]).replace("contact: shop@example.com", f"contact: '{value}'")
    assert set(at(faults(tmp_path, **{"shop.yml": changed}), "shop.yml")) == {5}


@pytest.mark.parametrize("inner", HOSTILE["drawings"])
def test_a_drawing_draws(tmp_path: Path, inner: str) -> None:
    name = "stories/desk.svg"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"\n viewBox="0 0 4 3">\n{inner}\n</svg>\n'
    assert set(at(faults(tmp_path, **{name: drawing}), name)) == {3}


def test_what_a_drawing_says_without_drawing_it_is_not_published() -> None:
    for inner in HOSTILE["unseen"]:
        drawing = drawings.read(f'<svg xmlns="{drawings.SVG}" viewBox="0 0 4 3">{inner}<rect/></svg>'.encode())
        assert not drawing.unfit, inner
        assert b"secret" not in drawing.clean and b"<rect/>" in drawing.clean, inner
        assert drawings.read(drawing.clean).clean == drawing.clean


@pytest.mark.parametrize("words", HOSTILE["captions"])
def test_captions_hold_what_is_said(tmp_path: Path, words: str) -> None:
    name = "videos/jar-en.vtt"
    cues = f"WEBVTT\n\n00:00:00.000 --> 00:00:02.300\n{words}\n"
    assert at(faults(tmp_path, **GOOD_VIDEO | {name: cues}), name) == [4]


@pytest.mark.parametrize("name", HOSTILE["files"])
def test_what_is_written_to_be_seen_lies_where_it_is(tmp_path: Path, name: str) -> None:
    lines = at(faults(tmp_path, **{name: HOSTILE["files"][name]}), name)
    assert set(lines) == {1}


@pytest.mark.parametrize("name", HOSTILE["named"])
def test_what_a_record_names_is_what_its_name_says(tmp_path: Path, name: str) -> None:
    story = {"stories/returnees.md": str(GOOD["stories/returnees.md"]).replace("desk.svg", f"'{name}'")}
    found = faults(tmp_path, **story, **{f"stories/{name}": HOSTILE["named"][name]})
    own, naming = f"content/stories/{name}", "content/stories/returnees.md"
    assert {(fault.file, fault.line) for fault in found} <= {(own, 1), (naming, 8)} and found


def test_what_harms_nobody_is_told_and_stops_nothing(tmp_path: Path) -> None:
    found = look(write(tmp_path, GOOD | HOSTILE["idle"]))
    assert found.catalog and not found.faults
    told = {notice.file.removeprefix("content/") for notice in found.notices}
    assert told == {re.sub(r"(/\.git|/\.trash)/.*", r"\1", name) for name in HOSTILE["idle"]}
    assert all(notice.line == 1 and notice.what.zh and notice.remedy.zh for notice in found.notices)
    assert {path.name for path in found.named} == {"spicy-cabbage.svg", "gaotaizi.svg", "desk.svg"}


def test_a_link_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "jar.jpg").write_bytes(photograph())
    content = write(tmp_path, GOOD)
    (content / "stories" / "jar.jpg").symlink_to(secret / "jar.jpg")
    (content / "stories" / "more").symlink_to(secret)
    (content / "pages").mkdir()
    (content / "pages" / "gone.jpg").symlink_to(secret / "gone.jpg")
    found = faults(tmp_path)
    assert [(fault.file, fault.line) for fault in found] == [
        ("content/pages/gone.jpg", 1),
        ("content/stories/jar.jpg", 1),
        ("content/stories/more", 1),
    ]
    assert not any(files.is_known(content, content / name) for name in ("stories/jar.jpg", "stories/more"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_a_link_to_itself_is_one_that_leads_nowhere(tmp_path: Path) -> None:
    content = write(tmp_path, GOOD)
    (content / "stories" / "loop.jpg").symlink_to(content / "stories" / "loop.jpg")
    assert [fault.file for fault in look(content).faults] == ["content/stories/loop.jpg"]


@pytest.mark.parametrize("sign", ["\0", "\x02wzxhzdk:0\x03", "\x0c", "\x1b[31m", "\x7f", "\x85", "\u202e", "\uffff"])
def test_a_text_has_no_sign_that_no_page_can_show(tmp_path: Path, sign: str) -> None:
    """Markdown puts its own marks between two of them: they would make of a text what it does not say."""
    [found] = faults(tmp_path, **in_story(f"Red jars.\n\nFirm {sign} jars."))
    assert (found.line, found.what.en) == (BEFORE + 4, f"this line has a control character, U+{ord(sign[0]):04X}")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(write(tmp_path, GOOD) / "stories" / "jar.jpg")
    assert at(faults(tmp_path), "stories/jar.jpg") == [1]


def test_a_text_longer_than_a_book_is_told_and_not_read(tmp_path: Path) -> None:
    long = {STORY: GOOD[STORY] + "A long story.\n\n" * 30_000, **GOOD_VIDEO, "videos/jar-en.vtt": "x" * 500_000}
    found = faults(tmp_path, **long)
    assert [(fault.file, fault.line) for fault in found] == [(f"content/{STORY}", 1), ("content/videos/jar-en.vtt", 1)]
    assert "more than a page can hold" in found[0].what.en


@pytest.mark.parametrize(
    "line", [">" * 1000 + " x", "> " * 40 + "x", "- " * 40 + "x", "    " * 300 + "- x", "\t" * 40 + "x"]
)
def test_a_text_is_not_nested_deeper_than_markdown_can_follow(tmp_path: Path, line: str) -> None:
    (found,) = faults(tmp_path, **in_story(f"Red jars.\n\n{line}"))
    assert (found.file, found.line) == (f"content/{STORY}", BEFORE + 4) and "more than 30 levels" in found.what.en


@pytest.mark.parametrize("inner", ["<path d='M0 0" + " L1 1" * 300_000 + "'/>", "<text>" + "&a;" * 20_000 + "</text>"])
def test_a_drawing_is_no_heavier_than_a_phone_can_load_whatever_it_is_spelt_with(tmp_path: Path, inner: str) -> None:
    entity = "<!DOCTYPE svg [<!ENTITY a '" + "x" * 100 + "'>]>"
    drawing = f'{entity}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3">{inner}</svg>'
    (found,) = faults(tmp_path, **{"stories/desk.svg": drawing})
    assert (found.file, found.line) == ("content/stories/desk.svg", 1) and "slow to open" in found.what.en


def test_two_names_that_some_computers_take_for_one_are_told(tmp_path: Path) -> None:
    pairs = {"stories/Desk.svg": "<svg/>", "stories/cafe\u0301.svg": "<svg/>", "stories/caf\u00e9.svg": "<svg/>"}
    found = faults(tmp_path, **pairs)
    assert [fault.file.rpartition("/")[2] for fault in found] == ["caf\u00e9.svg", "desk.svg"]


def test_what_editors_keep_open_is_passed_over_and_never_published(tmp_path: Path) -> None:
    left = ["pages/.gitkeep", "stories/.returnees.md.swp", "stories/.#x.md", "stories/#x.md#", "stories/.~lock.a.odt#"]
    content = write(tmp_path, GOOD | dict.fromkeys(left, "x"))
    assert not look(content).notices
    assert not any(files.is_known(content, content / name) for name in left)


@pytest.mark.parametrize(
    "text",
    [
        "`<script>alert(1)</script>` is shown as it is typed.",
        "    <script>alert(1)</script>",
        "```html\n<img src=x onerror=alert(1)>\n{{ x }}\n```",
        "~~~\n<!-- a comment -->\n~~~",
        "3 < 5, 7 > 2, a <- b, <3",
        "[a page](returnees.md), [the top](#top), [us](mailto:shop@example.com), [us](tel:+8613800000000)",
        "[elsewhere](https://example.com/a?b=c:d#e:f), <https://example.com/>, <shop@example.com>",
        "[CAPITALS](HTTPS://example.com/) and [a query](?at=10:30)",
        "![A desk](desk.svg 'As it stands')",
        "1. one\n2. two\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n> a *quote*  \n> of **two** lines\n\n---",
        "It is 10:30; 规格：500 克；“引号”; {a set}; 50 % off; C:\\",
    ],
)
def test_what_a_writer_needs_is_no_fault(tmp_path: Path, text: str) -> None:
    read(write(tmp_path, GOOD | in_story(text)))


@pytest.mark.parametrize(
    "value", ["10:30 开播", "<b>大</b>坛", "说明：一句话", "SC:10622058210001", "a < b", "爱你 <3", "data: none"]
)
def test_nor_is_what_a_field_needs(tmp_path: Path, value: str) -> None:
    name = "products/spicy-cabbage.md"
    read(write(tmp_path, GOOD | {name: str(GOOD[name]).replace("summary: 整叶手工抹料", f"summary: '{value}'")}))


def test_drawing_programs_plain_files_are_no_fault(tmp_path: Path) -> None:
    drawing = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Generator: a drawing program -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" id="Layer_1"
  viewBox="0 0 4 3" style="enable-background:new 0 0 4 3;" xml:space="preserve" data-name="Layer 1">
<style type="text/css">.st0{fill:url(#a);} /* a note */</style>
<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient>
<filter id="f"><feColorMatrix type="matrix" values="1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 1 0"/></filter></defs>
<g transform="translate(1 2) rotate(3)"><use xlink:href="#a"/><text font-family="'Noto Sans'">坛：10</text></g>
</svg>"""
    read(write(tmp_path, GOOD | {"stories/desk.svg": drawing}))


def test_a_page_pasted_out_of_a_word_processor_is_told_line_by_line(tmp_path: Path) -> None:
    line = "<p class=MsoNormal id=x{0}><span lang=EN-US style='font-size:{0}pt'>text {0} <b>x</b></span></p>"
    text = "\n".join(line.format(number) for number in range(400))
    assert at(faults(tmp_path, **in_story(text)), STORY) == [*range(BEFORE + 2, BEFORE + 402)]


@given(st.text(alphabet="<>[]()!`*_#{}:|\\\"'&;/ab1 \n\t\x00\x02\x0c\x85\u2028\u200b", max_size=60))
def test_no_text_stops_the_check_and_every_line_that_it_names_is_one_of_the_text(text: str) -> None:
    for line, kind, words in markup.placed(f"x\n{text}"):
        assert 1 <= line <= text.count("\n") + 2 and kind and words


def test_captions_may_say_who_speaks(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n00:00:00.000 --> 00:00:02.300\n<v 老王>你好 <i>各位</i>，1 < 2\n"
    read(write(tmp_path, GOOD | GOOD_VIDEO | {"videos/jar-en.vtt": cues}))


def test_each_of_several_is_told_with_its_own_line(tmp_path: Path) -> None:
    text = "`<b>` is code.\n\nBut <b>this</b> is none.\n\n```\n<b>\n```\n\n[x](javascript:1)\n\n<b>again</b>"
    assert at(faults(tmp_path, **in_story(text)), STORY) == [BEFORE + 4, BEFORE + 10, BEFORE + 12]


def test_a_fault_is_told_in_the_writers_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    for language, words in {"zh_CN.UTF-8": "会被当成 HTML", "en_GB.UTF-8": "would be HTML"}.items():
        monkeypatch.setenv("LANG", language)
        assert words in str(faults(tmp_path / language, **in_story("<b>x</b>"))[0])


def test_pages_are_made_of_what_is_judged() -> None:
    config = load_config(str(REPO / "mkdocs.yml"))
    assert sorted(config.markdown_extensions) == sorted([*texts.EXTENSIONS, "storefront.build.texts"])
    assert not any(config.mdx_configs.values())


class Elements(HTMLParser):
    """The elements and attributes below an article of text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs} or {(tag, "")}


def spoilt(tmp_path: Path) -> Path:
    """A house whose content has all of it at once."""
    root = house(tmp_path)
    story = root / "content" / "stories" / "corn-to-noodle.md"
    story.write_text(story.read_text() + "\n\n" + "\n\n".join(HOSTILE["texts"]) + "\n")
    for name, text in (HOSTILE["files"] | HOSTILE["idle"]).items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "content" / "stories" / "passwd.txt").symlink_to("/etc/passwd")
    (root / "content" / "stories" / "etc").symlink_to("/etc")
    return root


def test_mkdocs_alone_builds_none_of_it_and_names_each(tmp_path: Path) -> None:
    root = spoilt(tmp_path)
    done = mkdocs(root)
    assert done.returncode and not (root / "build" / "site").exists()
    said = done.stdout + done.stderr
    assert not [name for name in HOSTILE["files"] if f"content/{name}:1: " not in said]
    lines = {int(line) for line in re.findall(r"content/stories/corn-to-noodle\.md:(\d+): ", said)}
    assert len(lines) >= len(HOSTILE["texts"])


def test_were_nothing_checked_html_would_still_be_words_and_strays_stay_out(tmp_path: Path) -> None:
    root = spoilt(tmp_path)
    hooks = root / "site" / "hooks.py"
    looking = "found = content.look(Path(config.docs_dir))\n"
    assert looking in hooks.read_text()
    other = f"""spoilt, config.docs_dir = config.docs_dir, {str(REPO / "content")!r}
        {looking}"""
    made = "publish.kept_pictures(config))\n"
    changed = hooks.read_text().replace(looking, other).replace(made, f"{made}        config.docs_dir = spoilt\n")
    hooks.write_text(changed)
    done = mkdocs(root, "--no-strict")
    site = root / "build" / "site"
    assert (site / "stories" / "corn-to-noodle" / "index.html").is_file(), done.stdout + done.stderr
    page = (site / "stories" / "corn-to-noodle" / "index.html").read_text()
    telling = page[page.index('<div class="prose">') : page.index("The end") if "The end" in page else None]
    telling = telling[: telling.index("</article>")].partition("<section")[0]
    made = Elements(telling).found
    assert {tag for tag, _ in made} <= {*markup.ELEMENTS, "div", "aside", "b", "picture", "source", "span"}
    assert not [name for _, name in made if name.startswith("on") or name == "srcdoc"]
    assert "&lt;script&gt;alert(1)" in telling
    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    ours = {"robots.txt", "sw.js", "catalog.json"}
    strays = [name for name in HOSTILE["files"] | HOSTILE["idle"] if name in there - ours]
    assert not strays and not [name for name in there if "passwd" in name or name.startswith("stories/etc/")]
    assert not [path for path in site.rglob("*") if path.is_file() and b"secret" in path.read_bytes().lower()[:20]]
    assert (site / "sw.js").read_text() != "alert(1)"


def test_pillow_reads_photographs_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = Image.open

    def opened(path: Any, *rest: Any, **more: Any) -> Any:
        asked.append(more.get("formats"))
        return real(path, *rest, **more)

    monkeypatch.setattr(Image, "open", opened)
    read(write(tmp_path, GOOD | GOOD_VIDEO))
    assert asked and all(formats and "EPS" not in formats for formats in asked)
