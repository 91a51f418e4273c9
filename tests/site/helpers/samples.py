"""A small content folder that is without a fault, and ways to spoil it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from PIL import Image
from storefront.check.content import BadContent, read
from storefront.read.faults import ContentFault

from tests.site.helpers.films import film

SHOP = """\
# Who sells.
name: {zh: 村播小铺, en: Cunbo Shop}
slogan: {zh: 做得出的才答应, en: Only what hands can make}
seller: {zh: 示例卖家, en: Sample seller}
contact: shop@example.com
licence: ""
postage: 0
address: {zh: 某地, en: Somewhere}
"""
PRODUCT = """\
---
template: product.html
name: 辣白菜
summary: 整叶手工抹料
village: gaotaizi
made_of: 大白菜、辣椒
allergens: 含鱼
storage: 冷藏
shelf_life: 30 天
maker: 示例工坊
pictures:
  - src: spicy-cabbage.svg
    alt: 一坛辣白菜
packs:
  - sku: spicy-cabbage-500g
    name: 500 克
    price: 2990
    weight: 500
  - sku: spicy-cabbage-1kg
    name: 1 公斤
    price: 5490
    weight: 1000
production: {per_day: 60, lead_days: 2, horizon_days: 14}
sample: true
kind: food
date_rule: 发货前 3 天内装坛
origin: 吉林集安
returns: fresh
---
一坛菜的几天。
"""
PRODUCT_EN = """\
---
template: product.html
name: Spicy cabbage
summary: Whole leaves, dressed by hand
made_of: Cabbage, chilli
allergens: Fish
storage: Keep cold
shelf_life: 30 days
maker: Sample workshop
pictures:
  - src: spicy-cabbage.svg
    alt: A jar of spicy cabbage
packs:
  - sku: spicy-cabbage-1kg
    name: 1 kg
  - sku: spicy-cabbage-500g
    name: 500 g
date_rule: Packed within three days before it ships
origin: Ji'an, Jilin
---
A few days in a jar.
"""
VILLAGE = """\
---
template: village.html
name: 高台子村
summary: 大山里的村子
picture: {src: gaotaizi.svg, alt: 山谷里的村庄}
source: 新华社
---
在吉林省集安市。
"""
VILLAGE_EN = """\
---
template: village.html
name: Gaotaizi
summary: A village in the mountains
picture: {alt: A village in a valley}
source: Xinhua
---
In the city of Ji'an.
"""
STORY = """\
---
template: story.html
title: 回来的人
summary: 六位返乡者
village: gaotaizi
source: 新华社
published: 2026-11-24
picture: {src: desk.svg, alt: 窗前的直播台}
---
他们回来了。
"""
STORY_EN = """\
---
template: story.html
title: Those who came home
summary: Six returnees
source: Xinhua
picture: {alt: A desk at a window}
---
They came home.
"""
VIDEO = """\
---
template: video.html
title: 一坛辣白菜
summary: 十六秒
village: gaotaizi
clip: jar.mp4
published: 2026-11-24
picture: {src: jar.jpg, alt: 一坛辣白菜}
products: [spicy-cabbage]
sample: true
---
从一棵白菜开始。
"""
VIDEO_EN = """\
---
template: video.html
title: A jar of cabbage
summary: Sixteen seconds
picture: {alt: A jar of spicy cabbage}
---
It begins with a cabbage.
"""
CUES = """\
WEBVTT

00:00:00.000 --> 00:00:02.300
A cabbage

NOTE not shown

cut
00:02.400 --> 00:00:16.000 align:start
It is cut
"""
HOME = """\
---
template: home.html
---
先算做得出多少，再上架。
"""
GOOD = {
    "shop.yml": SHOP,
    "index.md": HOME,
    "index.en.md": HOME,
    "products/spicy-cabbage.md": PRODUCT,
    "products/spicy-cabbage.en.md": PRODUCT_EN,
    "products/spicy-cabbage.svg": "<svg/>",
    "villages/gaotaizi.md": VILLAGE,
    "villages/gaotaizi.en.md": VILLAGE_EN,
    "villages/gaotaizi.svg": "<svg/>",
    "stories/returnees.md": STORY,
    "stories/returnees.en.md": STORY_EN,
    "stories/desk.svg": "<svg/>",
}
CHINESE = "products/spicy-cabbage.md"
ENGLISH = "products/spicy-cabbage.en.md"


def photograph(width: int = 640, height: int = 480, kind: str = "JPEG", **more: Any) -> bytes:
    """A photograph of a sky above a field, as a file's bytes."""
    picture = Image.new("RGB", (width, height), "#8fb7d9")
    picture.paste("#5f7f3a", (0, height // 2, width, height))
    data = BytesIO()
    picture.save(data, kind, **more)
    return data.getvalue()


GOOD_VIDEO = {
    "videos/jar.md": VIDEO,
    "videos/jar.en.md": VIDEO_EN,
    "videos/jar.mp4": film(),
    "videos/jar.jpg": photograph(),
    "videos/jar-zh.vtt": CUES,
    "videos/jar-en.vtt": CUES,
}


def write(folder: Path, files: dict[str, Any]) -> Path:
    """A content folder: texts, bytes, or None for what shall be missing."""
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / "content"


def faults(folder: Path, **changed: Any) -> tuple[ContentFault, ...]:
    """The faults of the good folder after the changes."""
    with pytest.raises(BadContent) as bad:
        read(write(folder, GOOD | changed))
    return bad.value.faults


def swapped(file: str, old: str, new: str) -> dict[str, str]:
    """A change of the first place where `old` stands in a file."""
    assert old in GOOD[file]
    return {file: GOOD[file].replace(old, new, 1)}


def the_fault(folder: Path, **changed: Any) -> str:
    """The one fault after the changes, as it is printed."""
    (fault,) = faults(folder, **changed)
    return str(fault)


GARBLED = st.text(max_size=20) | st.text("#&*!|>'\"%@`{}[],:?- \t\\0179=~<.nyoNaf\x85\u2028", max_size=20)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the good folder, and what it says with one line of it deleted, repeated or garbled."""
    file = draw(st.sampled_from([name for name in GOOD if not name.endswith(".svg")]))
    lines = GOOD[file].splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    cut = draw(st.integers(0, len(lines[at])))
    garbled = lines[at][:cut] + draw(GARBLED) + lines[at][draw(st.integers(cut, len(lines[at]))) :]
    lines[at : at + 1] = draw(st.sampled_from([[], [lines[at]] * 2, [garbled]]))
    return file, "\n".join(lines) + "\n"
