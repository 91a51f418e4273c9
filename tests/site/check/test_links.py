"""What texts name is there: a link, picture or heading that leads nowhere is told with its line and what was meant."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storefront.check import content
from storefront.read.faults import ContentFault

from tests.site.check.files import ENGLISH, FILES, NAMES, STORY
from tests.site.helpers.samples import photograph, write

SIGNS = [*"[]()!#<>`*_ \n\\:^x.", "![", "](", "a.md", "desk.svg", "//", "%", "【", "）"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("texts"), FILES)


def told(folder: Path, text: str, file: str = ENGLISH) -> list[ContentFault]:
    """The faults once a text says this below its one line."""
    write(folder.parent, {file: f"{FILES[file]}\n{text}\n"})
    try:
        return [*content.look(folder).faults]
    finally:
        write(folder.parent, {file: FILES[file]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[x](../products/nothing.md)", "'../products/nothing.md' leads nowhere"),
        ("[x](nothing.md)", "'nothing.md' leads nowhere"),
        ("[x](returnee.md)", "write returnees.md"),
        ("*An emphasised [x][r].*\n\n[r]: ../products/nothing.md", "'../products/nothing.md' leads nowhere"),
        ("| a | b |\n|---|---|\n| 1 | [x](nothing.md) |", "'nothing.md' leads nowhere"),
        ("> - [x](nothing.md)", "'nothing.md' leads nowhere"),
        ("## A [x](nothing.md)", "'nothing.md' leads nowhere"),
        ("[![A desk](desk.svg)](nothing.md)", "'nothing.md' leads nowhere"),
        ("[x](../products/spicy-cabbage.en.md)", "write ../products/spicy-cabbage.md, and readers stay"),
        ("[x](../products/spicy-cabbage.zh.md)", "write ../products/spicy-cabbage.md"),
        ("[x](../../README.md)", "'../../README.md' leads nowhere"),
        ("[x](../products/spicy-cabbage/)", "write ../products/spicy-cabbage.md"),
        ("[x](spicy-cabbage.md)", "write ../products/spicy-cabbage.md"),
        ("[x](../products/spicy-cabbage.html)", "write ../products/spicy-cabbage.md"),
        ("[x](../Products/Spicy-Cabbage.md)", "write ../products/spicy-cabbage.md"),
        ("[x](..\\products\\spicy-cabbage.md)", "write ../products/spicy-cabbage.md"),
        ("[x](/products/nothing/)", "'/products/nothing/' leads nowhere"),
        ("[x](/products/spicy-cabage/)", "write ../products/spicy-cabbage.md"),
        ("[x](/products/spicy-cabbage/)", "write /en/products/spicy-cabbage/"),
        ("[x](/en/products/spicy-cabbage)", "write /en/products/spicy-cabbage/"),
        ("[x](../index.en.md)", "write ../index.md"),
        ("[x](/orders/)", "write /en/orders/"),
        ("[x](../orders/)", "write /en/orders/"),
        ("[x](/feed.xml)", "write /en/feed.xml"),
        ("[x](/admin/)", "'/admin/' leads nowhere"),
        ("[x](/en/staff/)", "for staff"),
        ("[x](/en/desk/orders/)", "for staff"),
        ("[x](../pages/hosts.md)", "for staff"),
        ("[x](/en/pages/hosts/)", "for staff"),
        ("[x](www.example.com)", "write https://www.example.com"),
        ("[x](example.com/a)", "write https://example.com/a"),
        ("[x](shop@example.com)", "write mailto:shop@example.com"),
        ("[x](138 0013 8000)", "write tel:13800138000"),
        ("[x](#no-such)", "remove the # and what follows"),
        ("[x](../pages/returns.md#no-such)", "#what-is-spoiled"),
        ("[x](../pages/returns.md#坏了的)", "#what-is-spoiled"),
        ("[x](../pages/returns.md#What_is_spoiled)", "write a heading of that page after the #: #what-is-spoiled"),
        ("[x](/en/pages/returns/#no-such)", "#what-is-spoiled"),
        ("[x]()", "'x' has no address"),
        ("[x](<>)", "'x' has no address"),
        ("[x](#)", "'#' has no address"),
        ("[](returnees.md)", "has no words"),
        ("So.[^1]", "the side note '[^1]' has no match"),
        ("So.［^1］", "the side note '［^1］' has no match"),
        ("So.\n\n[^1]: A longer note", "the side note '[^1]' has no match"),
        ("So.[^1]\n\n[^1]: A note of a note.[^2]\n\n[^2]: More", "the side note '[^2]' has no match"),
        ("[x][nope]", "'[x][nope]' has no address"),
        ("[x] (returnees.md)", "would be shown as typed"),
        ("看[这里]（returnees.md）", "would be shown as typed"),
        ("【这里】(https://example.com/)", "would be shown as typed"),
        ("！[A desk](desk.svg)", "full-width"),
        ("[x](../shop.yml)", "is not published"),
        ("[x](old.jpg)", "is not published"),
        ("![x](gone.jpg)", "there is no picture 'gone.jpg'"),
        ("![x][r]\n\n[r]: gone.jpg", "there is no picture 'gone.jpg'"),
        ("![x](desk.png)", "write desk.svg, or put the picture beside this file"),
        ("![x](small.jpg)", "399 pixels wide"),
        ("![x](move.gif)", "move.gif"),
        ("![x](../../gone.jpg)", "there is no picture"),
        ("![](desk.svg)", "![what it shows](desk.svg)"),
        ("##", "a heading has no words"),
        ("- ##", "a heading has no words"),
        ("[x](https://[a)", "'https://[a' is not allowed"),
        ("[x](https://example.com℀)", "is not allowed"),
    ],
)
def test_what_leads_nowhere_is_told_with_its_line_and_what_was_meant(folder: Path, text: str, words: str) -> None:
    (fault, *more) = told(folder, text)
    first = str(FILES[ENGLISH]).count("\n") + 2
    assert fault.file == f"content/{ENGLISH}" and fault.line in range(first, first + text.count("\n") + 1)
    assert words in fault.told("en") and fault.what.zh != fault.what.en
    assert not more or "[^2]" in text  # a note's mark and its words are two lines


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("[x](../products/spicy-cabbage.md), [y](returnees.md 'A title'), [z](../index.md)", ENGLISH),
        ("[x](/en/orders/), [y](/en/), [z](/en/products/), [w](/en/feed.xml)", ENGLISH),
        ("[x](/en/products/spicy-cabbage/)", ENGLISH),
        ("[x](/orders/), [y](/), [z](/products/), [w](/feed.xml), [v](/products/spicy-cabbage/)", STORY),
        ("## 一坛菜的几天\n\n## 10 天\n\n[x](#一坛菜的几天), [y](#section-10-天), [z](#top)", STORY),
        ("[x](../pages/returns.md#坏了的), [y](../pages/returns.md#坏了的_1), [z](/pages/returns/#坏了的)", STORY),
        ("[x](../pages/returns.md#%E5%9D%8F%E4%BA%86%E7%9A%84)", STORY),
        ("[x](../pages/returns.md#what-is-spoiled), [y](returnees.md?from=here)", ENGLISH),
        ("[x](https://example.com/a.md#b), [y](mailto:shop@example.com), [z](tel:+8613800138000)", ENGLISH),
        ("[x](desk.svg), [y](../villages/gaotaizi.svg), [z](/stories/desk.svg), [w](../videos/jar.mp4)", ENGLISH),
        ("[x][r], [r]\n\n[r]: returnees.md", ENGLISH),
        ("`[x](nothing.md)`\n\n    ![x](gone.jpg)\n\n```\n[x]()\n[^1]\n[a][b]\n```", ENGLISH),
        ("见【注】（第 3 条），数组[0][1]，[括号]里的话（一），示例[一]", STORY),
        ("A note [sic], items [1][2], [draft] (see above), 3 (three)", ENGLISH),
        ("1. one\n\nTitle\n=====\n\n# Word", ENGLISH),
    ],
)
def test_what_leads_somewhere_is_no_fault(folder: Path, text: str, file: str) -> None:
    assert told(folder, text, file) == []


def test_hosts_pages_lead_to_the_pages_of_staff_and_the_front_pages_links_are_looked_at_too(folder: Path) -> None:
    assert [fault.line for fault in told(folder, "[x](products/nothing.md) ![x](gone.jpg)", "index.en.md")] == [6, 6]
    assert told(folder, "[x](products/spicy-cabbage.md)", "index.en.md") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_any_name_may_stand_in_a_text_as_it_is_or_as_an_address(folder: Path, name: str) -> None:
    (folder / "stories" / name).write_bytes(photograph(kind="PNG" if name.endswith("png") else "JPEG"))
    assert told(folder, f"![A desk](<{name}>)\n\n[![A desk](<{quote(name)}>)](<{name}>)") == []
    assert told(folder, f"![A desk]({name} 'A title')") == [] or "*" in name  # what Markdown itself reads in it


def test_all_that_is_wrong_in_a_line_is_told_and_a_comment_once(folder: Path) -> None:
    found = told(folder, "[x](nothing.md), `[x](gone.md)`, [y](gone.md) ![z](gone.jpg)")
    assert {fault.what.en.split("'")[1] for fault in found} == {"gone.md", "nothing.md", "gone.jpg"}
    assert len(found) == 3 and len({fault.line for fault in found}) == 1
    (comment,) = told(folder, "<!-- ![旧](old2.jpg)\n[x](nothing.md) -->")
    assert "<!--" in comment.what.en


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=25))
def test_no_text_stops_the_check_of_its_links(folder: Path, signs: list[str]) -> None:
    for fault in told(folder, "".join(signs)):
        assert fault.file == f"content/{ENGLISH}" and 9 <= fault.line <= 10 + len(signs)
