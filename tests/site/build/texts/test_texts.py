"""Texts as pages show them: lines of Chinese without gaps, words of the other language marked, code as it was typed,
pictures in their sizes whatever their files are called, and links that hold wherever a page is shown.
"""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import pytest
from markdown import Markdown
from storefront.build.media.pictures import Shot
from storefront.build.texts import IN_TEXT, PageText, TextPlace, marked
from storefront.read import texts
from storefront.read.frontmatter import split

from tests.site.helpers.built import REPO, every_page, house, mkdocs, page, stored
from tests.site.helpers.pages import CATALOG, WRITTEN
from tests.site.helpers.samples import photograph

NAMES = ["红枣.jpg", "a b.jpg", "IMG(1).jpg", "x#1.jpg", "y?2.jpg", "a+b.jpg", "50%.jpg", "全（1）.jpg", "a%20b.png"]
HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
SKUS = {pack.sku for product in CATALOG.products for pack in product.packs}
"""What scripts find by these is on the page as an option."""
SHOT = Shot(640, 480, "/card.jpeg", {"webp": [(400, "/p/400.webp"), (640, "/p/640.webp")]}, [])


def made(text: str, lang: str = "zh") -> str:
    """A text of the page /stories/x/ as HTML."""
    place = TextPlace("/stories/x/", lang, {"/stories/x/jar.jpg": SHOT}, lambda name: name == "a#1.jpg")
    return Markdown(extensions=[*texts.EXTENSIONS, PageText(place)]).convert(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("山里的村子，\n冬天很长。", "<p>山里的村子，冬天很长。</p>"),
        ("他说：“好。”\n“再来。”", "<p>他说：“好。”“再来。”</p>"),
        ("中文——\n破折号……\n“引号”", "<p>中文——破折号……“引号”</p>"),
        (
            "一句**重\n要**的\n*话*，\n[看\n看](#a)",
            '<p>一句<strong>重要</strong>的<em>话</em>，<a href="#a">看看</a></p>',
        ),
        ("- 一条\n  还是它\n- 两条", "<ul>\n<li>一条还是它</li>\n<li>两条</li>\n</ul>"),
        ("> 引用\n> 接着", "<blockquote>\n<p>引用接着</p>\n</blockquote>"),
        ("𠮷野家\n𠮷", "<p>𠮷野家𠮷</p>"),
        ("He said “Hello.”\n“Next,” she said.", "<p>He said “Hello.”\n“Next,” she said.</p>"),
        ("It’s the village’s\n‘own’ — really —\nbest", "<p>It’s the village’s\n‘own’ — really —\nbest</p>"),
        ("用 OBS\n开播，500 克\na 包", "<p>用 OBS\n开播，500 克\na 包</p>"),
        ("用 `甲`\n开播", "<p>用 <code>甲</code>\n开播</p>"),
        ("一行  \n两行", "<p>一行<br>\n两行</p>"),
        ("    中文\n    代码", "<pre><code>中文\n代码\n</code></pre>"),
        ("```\n中文\n代码\n```", "<pre><code>中文\n代码\n</code></pre>"),
        ("`中文\n代码`", "<p><code>中文\n代码</code></p>"),
        ("![一坛\n白菜](y.jpg)", '<p><img alt="一坛白菜" src="/stories/x/y.jpg"></p>'),
        ("中文\n![白菜](y.jpg)\n中文", '<p>中文\n<img alt="白菜" src="/stories/x/y.jpg">\n中文</p>'),
        ("中文&nbsp;\n中文", "<p>中文&nbsp;\n中文</p>"),
    ],
)
def test_lines_of_chinese_are_joined_in_prose_alone(text: str, expected: str) -> None:
    assert made(text, "zh" if HAN.search(text) else "en") == expected


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("见 Jia Yanjia 的话", "zh", '<p>见 <span lang="en">Jia Yanjia</span> 的话</p>'),
        ("用 OBS 开播，500 g 一包", "zh", "<p>用 OBS 开播，500 g 一包</p>"),
        ("[见 Jia Yanjia](/a/)`make up now`", "zh", '<a href="/a/">见 <span lang="en">Jia Yanjia</span></a><code>make'),
        ("**AB CD**，EF GH", "zh", '<strong><span lang="en">AB CD</span></strong>，<span lang="en">EF GH</span>'),
        ("&lt;" * 12 + "\n\n```\nxy zz\n```", "zh", "<pre><code>xy zz\n</code></pre>"),
        ("the kang (炕, a brick bed)", "en", '<p>the kang (<span lang="zh-CN">炕</span>, a brick bed)</p>'),
        (
            "![炕](k.jpg)高台子村，集安",
            "en",
            'alt="炕" src="/stories/x/k.jpg"><span lang="zh-CN">高台子村，集安</span>',
        ),
    ],
)
def test_words_of_the_other_language_are_marked_and_code_and_attributes_are_not(
    text: str, lang: str, expected: str
) -> None:
    assert expected in made(text, lang)


def test_so_are_those_in_a_field_which_stays_words() -> None:
    assert marked("见 Jia Yanjia <b>", "zh") == '见 <span lang="en">Jia Yanjia</span> &lt;b&gt;'


@pytest.mark.parametrize(
    "text", ['`src="jar.jpg"` and `href="y"`', 'plain href="y" src="jar.jpg"', '```\n<img src="jar.jpg">\n```']
)
def test_text_and_code_that_look_like_html_stay_as_they_were_typed(text: str) -> None:
    assert text.strip("`\n") in unescape(made(text, "en")).replace("</code>", "`").replace("<code>", "`")


def test_links_are_absolute_and_those_that_are_none_of_the_sites_stay() -> None:
    assert 'href="/stories/y/#甲"' in made("[x](../y/#甲)") and 'href="#甲"' in made("[x](#甲)")
    for address in ("https://example.com/", "HTTPS://example.com/", "mailto:a@b.cn", "tel:110", "/orders/"):
        assert f'href="{address}"' in made(f"[x]({address})")
    assert 'href="mailto:me@example.com"' in unescape(made("<me@example.com>"))


def test_a_picture_has_its_sizes_and_formats_and_loads_lazily() -> None:
    assert made("甲 ![坛](jar.jpg '标题') 乙") == (
        '<p>甲 <a data-zoom="" href="/stories/x/jar.jpg"><picture>'
        '<source sizes="(min-width: 720px) 680px, 100vw" srcset="/p/400.webp 400w, /p/640.webp 640w" '
        'type="image/webp"><img alt="坛" height="480" loading="lazy" src="/stories/x/jar.jpg" title="标题" width="640">'
        "</picture></a> 乙</p>"
    )


def test_files_of_any_name_are_shown_in_all_their_sizes_and_can_be_linked_to(tmp_path: Path) -> None:
    stories = house(tmp_path) / "content" / "stories"
    for name in NAMES:
        (stories / name).write_bytes(photograph(kind="PNG" if name.endswith("png") else "JPEG"))
    shown = [f"![{place}]({name}) 和 ![{place}](<{quote(name)}>)" for place, name in enumerate(NAMES)]
    story = stories / "corn-to-noodle.md"
    more = ["[大图](x#1.jpg)", "## 完 了", "[完](#完-了)"]
    story.write_text(story.read_text() + "\n" + "\n\n".join([*shown, *more]) + "\n")
    done = mkdocs(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    html = page(tmp_path / "build/site", "/stories/corn-to-noodle/")
    pictures = [img for img in html.all("img") if str(img["alt"]).isdigit()]
    expected = [(str(place), "/stories/" + quote(name), "640") for place, name in enumerate(NAMES) for _ in range(2)]
    assert [(img["alt"], img["src"], img["width"]) for img in pictures] == expected
    assert len(html.all("source", sizes=IN_TEXT)) == 3 * len(pictures)
    for address in (*html.addresses(), *(str(source["srcset"]).split()[0] for source in html.all("source"))):
        if address.startswith(("/stories/", "/pictures/")):
            assert (tmp_path / "build/site" / unquote(stored(Path(), address).as_posix())).is_file(), address


def test_no_heading_of_a_text_takes_an_id_of_its_page(site: Path) -> None:
    for address in (*WRITTEN, "/"):
        for own, ending in ((address, ".md"), ("/en" + address, ".en.md")):
            file = REPO / "content" / (address.strip("/").replace("rooms/", "live/") or "index")
            parts = split(file.with_name(file.name + ending).read_text(encoding="utf-8"))
            of_texts = {heading.address for heading in texts.read(parts.body if parts else "").headings}
            ids = [str(attributes["id"]) for _, attributes in page(site, own).elements if "id" in attributes]
            assert len(ids) == len(set(ids)), own
            assert {*ids} - of_texts - SKUS <= texts.TAKEN, f"{own}: add these ids to TAKEN in read/texts.py"
            assert not [name for name in ids if name.startswith("_")], own


def test_every_link_to_a_part_of_a_page_leads_to_one(site: Path) -> None:
    ids = {own: {attributes.get("id") for _, attributes in page(site, own).elements} for own in every_page(site)}
    for own in ids:
        for link in page(site, own).all("a"):
            address, _, part = urljoin(own, str(link.get("href", ""))).partition("#")
            if part and address in ids and part != "top":
                assert unquote(part) in ids[address] or part in SKUS, f"{own} leads to {address}#{part}"
