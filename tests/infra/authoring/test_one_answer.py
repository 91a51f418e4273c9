"""Check, build and preview give one answer on any content: what passes, builds and is shown; else all name the same.

The suite tries a few; `make bench` tries 2,000 (CONTENTS), and counts how many of them passed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cunbo.authoring.preview import Preview
from cunbo.core.paths import Paths
from cunbo.deploy.build_process import built
from mkdocs.config import load_config
from storefront.build import pages
from storefront.check import content

from tests.site.helpers import channel
from tests.site.helpers.built import house, stored
from tests.site.helpers.samples import GOOD, GOOD_VIDEO, photograph, write

CONTENTS = int(os.environ.get("CONTENTS", "16"))
STAFF = ("staff", "host", "pack", "desk", "shares", "order", "pay", "live", "after", "away", "tell", "kept", "look")
"""Generated pages that are made of nothing that a village writes: they are left out, for there are many."""

Files = dict[str, Any]

PIECES = (
    "## 一个标题",
    "# Title",
    "- 一项\n- 两项\n    - 更深",
    "1. one\n2. two",
    "> 引用\n> *两行*",
    "| a | b |\n|---|:-:|\n| 1 | `x` |",
    "| a | b |\n|---|",
    "```python\nprint('<b>')\n```",
    "~~~\n没有结尾",
    "    缩进的\n    两行中文",
    "中文一行，\n接着一行。",
    "He said “Hello.”\n“Next,” she said.",
    "`<script>` 和 `{{ x }}`",
    "[店铺](https://example.com/a?b=c#d)",
    "[写信](mailto:shop@example.com) <https://example.com>",
    "[上面](#top)",
    "[另一页](returnees.md)",
    "![坛子](desk.svg)",
    "![](desk.svg)",
    "![不在](gone.jpg)",
    "![一张](photo.jpg '题目')",
    "![中文名](红枣.jpg)",
    "![空格](<a b.jpg>)",
    "<b>粗</b>",
    "<!-- 藏 -->",
    "a < b, 1 <2, <3",
    "{{ config }}",
    "{: onclick=x }",
    "\\[不是链接\\](x)",
    "[没有](",
    "[x]: https://example.com",
    "***",
    "&lt;b&gt; &nbsp; &#x3C;script&#x3E;",
    "\u200b\u2028看不见\u00a0的",
    "🌶️👨‍👩‍👧",
    "---\ntemplate: x\n---",
    "!!! note\n    x",
    "^^^",
    "--8<-- 'x'",
    "[TOC]",
    "%s %(x)s {} {0}",
    "\\",
    "&",
)
"""What writers put into a text, well or badly."""

LINKS = (
    "returnees.md", "../products/spicy-cabbage.md", "../villages/gaotaizi.md", "../index.md", "../videos/jar.md",
    "nothing.md", "returnees.en.md", "spicy-cabbage.md", "../products/", "../products/spicy-cabbage/", "./returnees",
    "/products/spicy-cabbage/", "/en/products/spicy-cabbage/", "/products/nothing/", "/stories/", "/stories",
    "/stories/index.html", "/orders/", "/staff/", "/feed.xml", "/404.html", "/kept/", "//example.com/a", "/", "",
    "#", "#top", "#返乡", "#标题", "#a-title", "#no-such", "returnees.md#标题", "returnees.md#no-such", "#%E6%A0%87",
    "../villages/gaotaizi.md#top", "/stories/returnees/#标题", "returnees.md?x=1#标题", "www.example.com", "a@b.cn",
    "example.com/a", "15500000000", "tel:15500000000", "mailto:a@b.cn", "http://example.com", "https://a b.cn",
    "desk.svg", "photo.jpg", "../videos/jar.mp4", "../products/spicy-cabbage.svg", "/stories/desk.svg", "RETURNEES.md",
    "../shop.yml", "../people.yml", "../../mkdocs.yml", "<returnees.md>", "returnees.md '题'", "x" * 300 + ".md",
    "returnees%2Emd", "..\\villages\\gaotaizi.md", "ret\u200burnees.md", "returnees.md ", "红.md", "a(b).md", "%", "?",
)  # fmt: skip
"""Where a link leads to, somewhere or nowhere."""

FORMS = (
    "[看看]({})", "[看看](<{}>)", "[看看][x]\n\n[x]: {}", "<{}>", "[]({})", "![看看]({})", "[![](desk.svg)]({})",
    "> [一行\n两行]({})", "| a |\n|---|\n| [看]({}) |", "- `x` [看]({})", "`[看]({})`", "【看看】（{}）", "[看看] ({})",
    "## 标题\n\n[回去]({})", "## A title\n\n## A title\n\n[back]({})", "[^1]\n\n[^1]: {}", "## [题]({})", "## \n\n{}",
)  # fmt: skip

CLAIMS = (
    "治百病", "根 治 糖尿病", "不能治病", "最好的辣白菜", "国家级", "抗癌", "治\n病", "療效顯著", "Cures cancer.",
    "the best", "it does not cure", "治理水土", "**治**百病", "`治百病`", "[治百病](returnees.md)",
    "![治百病](desk.svg)", "## 降血压",
)  # fmt: skip
"""What is forbidden to say of food, and what only looks like it."""

PEOPLE = (
    "", "people: []\nseen: []\n", "people:\n", "- p1\n", "people: {{}}\n", "人: []\n", "people: [\n", "---\n---\n",
    "\ufeff",
    "people:\n  - {{person: {person}, may: [{may}], until: {until}}}\nseen:\n  - {{file: {file}, people: [{seen}]}}\n",
)  # fmt: skip
"""Who has agreed to be seen: files that say nothing, files that are broken, and one that is filled in."""

VALUES = (
    "", "~", "null", "no", "0", "-1", "29.90", "29元", "¥29.90", "２９９０", "1e3", "0x1F", "2990", "2026-02-30",
    "2026-12-01", "10:30", "'", '"', "“引号”", "a: b", "a # b", "#b", "&a", "*a", "!a", "[a, b]", "{a: b}", "- a", "|",
    ">", "true", "是", "x" * 500, "长" * 30, "desk.svg",
    "photo.jpg", "gaotaizi", "spicy-cabbage", "../desk.svg",
    "/etc/passwd", "javascript:alert(1)", "<b>", "{{ x }}", "\u200b", "\u2028", "e\u0301", "🌶️", "\\", "a\tb",
    "@a", "%a", "`a`", ",", "：", "治百病", "last", "null # x",
)  # fmt: skip
"""What stands behind the colon of a field."""

NAMES = (
    "stories/photo.jpg", "stories/红枣.jpg", "stories/a b.jpg", "stories/photo.en.jpg", "stories/x#1.jpg",
    "stories/x.JPG", "stories/IMG(1).jpg", "products/x%20y.png", "stories/more/deep.jpg", "stories/notes.txt",
    "stories/._photo.jpg", "products/~$x.docx", "orders.csv", "drafts/a.md", "stories/drafts/a.md", "notes.md",
    "stories/anim.gif", "stories/photo.heic", "stories/old.svg", "videos/jar-small.mp4", "videos/jar-fr.vtt",
    "robots.txt", "sitemap.xml", "stories/README.md", "stories/index.md", "products/index.en.md", "pages/404.md",
    "pages/-.md", "stories/.hidden.md", "live/x.en.md", "stories/desk.svg", "videos/jar.jpg", "videos/jar-zh.vtt",
    "videos/jar.mp4", "stories/a.b.md", "stories/" + "x" * 120 + ".jpg",
)  # fmt: skip
"""Files that lie about, or in the place of one that is there."""

TALL = photograph(30, 17_000)
BYTES = (
    b"", b"x", photograph(), photograph(kind="PNG"), photograph(100, 80), photograph()[:700], photograph(kind="GIF"),
    TALL, b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'/>", b"<svg", b"<svg><script>1</script></svg>",
    b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xb0\xd7\xb2\xcb\n", b"WEBVTT\n\n1\n00:00.000 --> 00:01.000\n<v A>x &amp; y\n",
    b"---\ntemplate: story.html\n---\nx\n", "---\r\ntemplate: page.html\r\n---\r\n字\r\n".encode("utf-16"),
    b"\0\0\0\x18ftypmp42", b"\xff\xfe", "中文".encode("gbk"), b"---\n",
)  # fmt: skip
"""What such a file holds."""


def with_text(random: Random, files: Files) -> None:
    """Another text below a record's front matter."""
    name = random.choice([name for name in files if name.endswith(".md") and isinstance(files[name], str)])
    front, end, _ = files[name].rpartition("---\n")
    pieces = random.choices(PIECES, k=random.randint(1, 5))
    files[name] = front + end + "\n\n".join(pieces) + random.choice(["\n", ""])


def with_value(random: Random, files: Files) -> None:
    """Another value in one line."""
    name, lines, at = line_of(random, files)
    before, colon, _ = lines[at].partition(": ")
    lines[at] = before + colon + random.choice(VALUES)
    files[name] = "\n".join(lines)


def with_line(random: Random, files: Files) -> None:
    """A line that is gone, stands twice, is moved in, or has lost or changed a sign."""
    name, lines, at = line_of(random, files)
    line = lines[at]
    cut = random.randint(0, len(line))
    sign = random.choice(["", " ", "\t", "：", "，", ":", "#", "-", '"', "\x07", "\ufeff", "\n", "。"])
    made = [
        [],
        [line, line],
        [f"  {line}"],
        [line.strip()],
        [line[:cut] + sign + line[cut + 1 :]],
        [line[:cut] + sign + line[cut:]],
    ]
    lines[at : at + 1] = random.choice(made)
    files[name] = "\n".join(lines)


def with_file(random: Random, files: Files) -> None:
    """A file more, or one with other bytes."""
    files[random.choice(NAMES)] = random.choice(BYTES)


def with_photograph(random: Random, files: Files) -> None:
    """A photograph of any name that a story shows, in its text or at its head."""
    name = random.choice(
        ["photo.jpg", "红枣.jpg", "a b.jpg", "a+b.png", "x#1.jpg", "x?.jpg", "50%.jpg", "[a].jpg", "IMG(1).jpg"]
    )
    files[f"stories/{name}"] = random.choice([photograph(), photograph(kind="PNG"), photograph()[:700], TALL])
    if random.random() < 0.5:
        files["stories/returnees.md"] = str(files.get("stories/returnees.md")).replace("desk.svg", f'"{name}"')
    else:
        files["stories/returnees.md"] = f"{files.get('stories/returnees.md')}\n\n![一张](<{name}>)\n"


def with_record(random: Random, files: Files) -> None:
    """A record more, under a name that an address can have or not."""
    folder, record = random.choice([("stories", "returnees"), ("villages", "gaotaizi"), ("products", "spicy-cabbage")])
    name = random.choice(["another", "a1", "404", "index", "A", "红", "a.b", "-a", "a_b", "x" * 90, "en", "con"])
    for ending in (".md", ".en.md"):
        if random.random() < 0.9:
            text = str(files.get(f"{folder}/{record}{ending}") or "")
            files[f"{folder}/{name}{ending}"] = text.replace("sku: spicy", f"sku: {name[:9].lower()}")


def with_link(random: Random, files: Files) -> None:
    """A link in a text."""
    name = random.choice([name for name in files if name.endswith(".md") and isinstance(files[name], str)])
    files[name] += f"\n\n{random.choice(FORMS).format(random.choice(LINKS))}\n"


def with_claim(random: Random, files: Files) -> None:
    """Words that the law may forbid, in a text or at the end of a field."""
    claim = random.choice(CLAIMS)
    if random.random() < 0.5:
        name = random.choice([name for name in files if name.endswith(".md") and isinstance(files[name], str)])
        files[name] += f"\n\n{claim}\n"
    else:
        name, lines, at = line_of(random, files)
        lines[at] += claim
        files[name] = "\n".join(lines)


def with_consent(random: Random, files: Files) -> None:
    """Who is seen in pictures and films, with a yes, a no, a day that has passed, or a slip."""
    files |= {name: data for name, data in GOOD_VIDEO.items() if random.random() < 0.95}
    files["stories/photo.jpg"] = photograph()
    files["stories/returnees.md"] = str(files.get("stories/returnees.md")).replace("desk.svg", "photo.jpg")
    seen = ["stories/photo.jpg", "videos/jar.mp4", "videos/jar.jpg", "products/spicy-cabbage.svg", "stories/gone.jpg"]
    files["people.yml"] = random.choice([*PEOPLE, *[PEOPLE[-1]] * 20]).format(
        person=random.choice(["p1", "p1", "p1", "p2", "老王"]),
        may=random.choice(["site, feeds, live", "site", "feeds", "live", "", "page", "site, site"]),
        until=random.choice(["2099-12-31", "2020-01-01", "2099-02-30", "last"]),
        file=random.choice(seen),
        seen=random.choice(["p1", "p1", "p1, p2", "", "p1, p1"]),
    )
    if random.random() < 0.4:
        files["stories/returnees.md"] += random.choice(["\n[看](../videos/jar.md)\n", "\n![看](photo.jpg)\n"])


def with_odd_name(random: Random, files: Files) -> None:
    """A file under another name, in its place and in the fields that say it, or in one of the two alone."""
    old = random.choice(["stories/desk.svg", "products/spicy-cabbage.svg", "videos/jar.mp4", "videos/jar.jpg"])
    files |= GOOD_VIDEO if old.startswith("videos") else {}
    folder, _, plain = old.partition("/")
    stem, _, ending = plain.partition(".")
    made = ["坛 1", "a#1", "a?b", "50%", "%41", "a+b", "[a]", "(a)", "a&b", "a.b", "A", "2019/a", ".a", "._a", "a.en",
            "e\u0301", "\u00e9", "🌶", "a'b", 'a"b', "a:b", "a;b", "con", "-a", "a ", " a", stem.upper()]  # fmt: skip
    name = f"{random.choice(made)}.{random.choice([ending, ending, ending, ending.upper(), 'jpeg', 'png'])}"
    if random.random() < 0.9 and old in files:
        files[f"{folder}/{name}"] = files.pop(old)
    if random.random() < 0.9:
        quoted = "'" + name.replace("'", "''") + "'"
        for file in [file for file in files if file.startswith(folder) and isinstance(files[file], str)]:
            files[file] = files[file].replace(f": {plain}", f": {quoted}")


def without_file(random: Random, files: Files) -> None:
    """A file less."""
    del files[random.choice(list(files))]


CHANGES = (
    with_text, with_text, with_value, with_line, with_file, with_photograph, with_record, without_file,
    with_link, with_link, with_claim, with_consent, with_odd_name, channel.fill,
)  # fmt: skip


def line_of(random: Random, files: Files) -> tuple[str, list[str], int]:
    """A file of text, its lines, and the place of one of them."""
    name = random.choice([name for name in files if isinstance(files[name], str) and not name.endswith(".svg")])
    lines = files[name].split("\n")
    return name, lines, random.randrange(len(lines))


def contents(random: Random) -> Files:
    """A small content folder with one to three changes, each well or badly meant."""
    files: Files = GOOD | (GOOD_VIDEO if random.random() < 0.4 else {})
    for change in random.choices(CHANGES, k=random.choice([1, 1, 1, 2, 3])):
        change(random, files)
    return files


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project whose content each example writes anew."""
    folder = house(tmp_path_factory.mktemp("answers"))
    (folder / "build" / "preview").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        few = {page: template for page, template in pages.GENERATED.items() if not page.startswith(STAFF)}
        patched.setattr(pages, "GENERATED", few)
        patched.setattr(Preview, "begin", lambda self: None)  # the build is asked here itself
        yield folder


def answered(root: Path, files: Files) -> bool:
    """Asks check, build and preview; returns whether the content passes."""
    shutil.rmtree(root / "content")
    folder = write(root, files)
    paths = Paths(root=root)
    texts = {path for path in folder.rglob("*.md") if path.is_file()}
    preview = Preview(paths, "http://127.0.0.1:8000")
    found = content.look(folder)
    site = built(load_config(str(root / "mkdocs.yml"), strict=True), folder)
    shown = preview.change(texts)
    assert site == preview.open.faults == found.faults
    if found.faults:
        assert found.catalog is None and shown == []
        return False
    assert found.catalog is not None and set(shown) >= {f"products/{one.id}" for one in found.catalog.products}
    unnamed = {name for name in files if folder / name not in found.named and not name.endswith(".md")}
    assert not {name for name in unnamed - {"robots.txt", "sitemap.xml"} if (paths.site / name).is_file()}
    for page in (re.sub("^live/", "rooms/", page) for page in shown):
        for lang in ("", "en"):
            address = "/".join(["", *filter(None, [lang, page if page != "index" else ""]), ""])
            assert stored(paths.site, address).read_bytes() == stored(preview.site, address).read_bytes()
    for record in found.catalog.stories:
        for address in (f"/stories/{record.id}/", f"/en/stories/{record.id}/"):
            assert stored(paths.site, address).is_file() and stored(preview.site, address).is_file()
    return True


def test_what_passes_builds_and_is_shown_and_what_does_not_is_told_alike(root: Path) -> None:
    passed, differ = 0, []
    for number in range(CONTENTS):
        files = contents(Random(number))
        try:
            passed += answered(root, files)
        except Exception as error:
            changed = {name: files.get(name) for name in {*files, *GOOD} if files.get(name) != GOOD.get(name)}
            differ.append(f"content {number}, {type(error).__name__}: {error}\n{changed}")
    print(f"{CONTENTS} contents, {passed} passed, {len(differ)} with different answers")
    assert not differ
    assert 0 < passed < CONTENTS, "good and broken ones are among them"


def test_a_record_that_would_take_the_place_of_its_list_is_told_alike(root: Path) -> None:
    more = {f"stories/index{ending}": GOOD[f"stories/returnees{ending}"] for ending in (".md", ".en.md")}
    assert not answered(root, GOOD | more)
    found = content.look(root / "content").faults
    assert [(one.file, one.what.zh) for one in found] == [
        ("content/stories/index.en.md", "index.en.md 会占用这类内容的总页"),
        ("content/stories/index.md", "index.md 会占用这类内容的总页"),
    ]
