"""Clips cut from a show: what withdraws one, what holds one back, and that nothing of it stops the shop."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from storefront.check import content
from storefront.check.content import CheckedContent

from tests.site.helpers.samples import CHINESE, CUES, GOOD, GOOD_VIDEO, PRODUCT, VIDEO, write

CUT = """\
cut_from:
  room: cabbage-1
  show: "20261130112900"
  day: 2026-11-30
  time: "19:34"
  packs:
  - {sku: spicy-cabbage-500g, price: 2990, weight: 500}
  - {sku: spicy-cabbage-1kg, price: 5490, weight: 1000}
  made_of: 大白菜、辣椒
  allergens: 含鱼
  storage: 冷藏
  shelf_life: 30 天
"""
AT_ONCE = VIDEO.replace("sample: true\n", CUT, 1)
PEOPLE = """\
people:
  - {person: p1, may: [site, feeds, live], until: 2099-12-31}
seen:
  - {file: videos/jar.mp4, people: [p1]}
"""
WHOLE: dict[str, Any] = {**GOOD, **GOOD_VIDEO, "videos/jar.md": AT_ONCE, "people.yml": PEOPLE}


def looked(folder: Path, **changed: Any) -> CheckedContent:
    found = content.look(write(folder, WHOLE | changed), day=date(2026, 11, 30))
    assert not found.faults, found.faults
    return found


def product(old: str, new: str) -> dict[str, str]:
    assert old in PRODUCT
    return {CHINESE: PRODUCT.replace(old, new, 1)}


def record(old: str, new: str) -> dict[str, str]:
    assert old in AT_ONCE
    return {"videos/jar.md": AT_ONCE.replace(old, new, 1)}


def test_a_clip_that_is_true_is_shown_and_its_title_says_from_which_show_it_is(tmp_path: Path) -> None:
    found = looked(tmp_path)
    assert found.catalog and found.fed and not found.notices
    (video,) = found.catalog.videos
    assert video.title.zh == "一坛辣白菜（11 月 30 日直播片段）"
    assert video.title.en == "A jar of cabbage (live clip, 30 November)"
    assert found.fed.videos[0].title == video.title


SAME = [
    {},
    product("大白菜、辣椒", "大白菜, 辣椒"),
    product("storage: 冷藏", "storage: 冷藏。"),
    product("30 天", "30天"),
    product("per_day: 60", "per_day: 90"),
    product("summary: 整叶手工抹料", "summary: 换了一句话"),
    record("made_of: 大白菜、辣椒", "made_of: 大白菜、辣椒\n  unsaid: [price, storage]"),
]


@pytest.mark.parametrize("changed", SAME)
def test_what_says_the_same_withdraws_nothing(tmp_path: Path, changed: dict[str, str]) -> None:
    found = looked(tmp_path, **changed)
    assert found.catalog and len(found.catalog.videos) == 1 and not found.notices


CHANGES = [
    (product("price: 2990", "price: 3190"), 16, "when it was filmed, price said ¥29.90, and says ¥31.90 now"),
    (product("price: 5490", "price: 4990"), 17, "price said ¥54.90"),
    (product("weight: 500", "weight: 450"), 16, "net weight (grams) said 500 g, and says 450 g"),
    (product("大白菜、辣椒", "大白菜、辣椒、虾酱"), 18, "ingredients said '大白菜、辣椒'"),
    (product("含鱼", "含鱼、虾"), 19, "the allergens were '含鱼' when it was filmed, and are '含鱼、虾'"),
    (product("30 天", "3 天"), 21, "shelf life said '30 天'"),
    (product("30 天", "3.0 天"), 21, "shelf life said"),
    (record("spicy-cabbage-1kg", "spicy-cabbage-2kg"), 17, "spicy-cabbage-2kg was sold when it was filmed"),
]


@pytest.mark.parametrize(("changed", "line", "said"), CHANGES, ids=[said for _, _, said in CHANGES])
def test_a_change_withdraws_it_everywhere_and_says_what_it_was_and_is(
    tmp_path: Path, changed: dict[str, str], line: int, said: str
) -> None:
    found = looked(tmp_path, **changed)
    assert found.catalog and found.fed
    assert found.catalog.videos == found.fed.videos == ()
    assert not [path for path in found.named if "jar" in path.name], "neither film, captions nor poster are published"
    (notice,) = found.notices
    assert (notice.file, notice.line) == ("content/videos/jar.md", line)
    assert said in notice.what.en and "jar.mp4" in notice.what.zh


def test_what_the_clip_says_nothing_of_may_change_and_what_somebody_has_looked_at_too(tmp_path: Path) -> None:
    dear = product("price: 2990", "price: 3190")
    assert looked(
        tmp_path / "a", **dear, **record("shelf_life: 30 天", "shelf_life: 30 天\n  unsaid: [price]")
    ).catalog.videos  # type: ignore[union-attr]
    assert looked(tmp_path / "b", **dear, **record("price: 2990", "price: 3190")).catalog.videos  # type: ignore[union-attr]


def test_of_allergens_nobody_may_say_that_the_clip_says_nothing(tmp_path: Path) -> None:
    said = WHOLE | record("shelf_life: 30 天", "shelf_life: 30 天\n  unsaid: [allergens]")
    (fault,) = content.look(write(tmp_path, said)).faults
    assert fault.line == 22 and "allergens" in fault.what.en


@pytest.mark.parametrize("words", ["……", "…", "......", " — "])
def test_a_clip_whose_words_nobody_has_written_waits_and_the_first_of_them_is_named(tmp_path: Path, words: str) -> None:
    text = CUES.replace("It is cut", words)
    found = looked(tmp_path, **{"videos/jar-en.vtt": text})
    assert found.catalog and found.catalog.videos == ()
    (notice,) = found.notices
    assert (notice.file, notice.line) == ("content/videos/jar-en.vtt", 9)
    assert "1 of its captions" in notice.what.en


def test_a_clip_of_which_nobody_has_said_who_is_seen_in_it_waits_also_in_production(tmp_path: Path) -> None:
    found = looked(tmp_path, **{"people.yml": None})
    assert found.catalog and found.catalog.videos == ()
    assert "{file: videos/jar.mp4, people: [pN]}" in found.notices[0].remedy.zh
    told = content.look(tmp_path / "content", production=True)
    assert not [one for one in told.faults if "jar" in one.file], "it stops no shop"


def test_a_clip_from_a_show_is_of_one_product(tmp_path: Path) -> None:
    (fault,) = content.look(write(tmp_path, WHOLE | record("products: [spicy-cabbage]\n", ""))).faults
    assert "of one product, and this names 0" in fault.what.en


def test_a_clip_of_a_show_that_is_still_to_come_waits(tmp_path: Path) -> None:
    found = looked(tmp_path, **record("day: 2026-11-30", "day: 2026-12-01"))
    assert found.catalog and found.catalog.videos == ()
    (notice,) = found.notices
    assert notice.what.en == "jar.mp4 is not published yet: its show is on 2026-12-01, which is still to come"
