"""A room with shows, and seasons, steps and a clip of a show in other records: whole, or with one value misspelt."""

import re
from random import Random
from typing import Any

from tests.site.helpers.samples import GOOD_VIDEO

ROOM = {
    "live/one.svg": "<svg/>",
    "live/one.md": """\
---
template: room.html
name: 一号
summary: 一间屋子
village: gaotaizi
picture: {src: one.svg, alt: 屋子, focus: left}
programme:
  - {days: [monday], start: 19:00, end: 21:00}
specials:
  - {slug: packing, day: 2026-12-20, start: 09:00, end: 11:00, title: 装箱}
---
看看辣白菜。
""",
    "live/one.en.md": """\
---
template: room.html
name: One
summary: A room
picture: {alt: A room}
specials:
  - {slug: packing, title: Packing}
---
A look at it.
""",
}
FILLED = {
    "products/spicy-cabbage.md": ("kind:", "seasons:\n  - {first: 11, last: 2, work: 腌}\n"),
    "products/spicy-cabbage.en.md": ("date_rule:", "seasons:\n  - {first: 11, work: pickling}\n"),
    "stories/returnees.md": (
        "published:",
        "steps:\n  - {title: 一, words: 洗, picture: {src: desk.svg, alt: 桌}}\n  - {title: 二, words: 腌}\n",
    ),
    "stories/returnees.en.md": (
        "source:",
        "steps:\n  - {title: One, words: Wash, picture: {alt: Desk}}\n  - {title: Two, words: Salt}\n",
    ),
    "videos/jar.md": (
        "products:",
        "cut_from:\n  room: one\n  show: x\n  day: 2026-11-24\n  time: 19:30\n"
        "  packs: [{sku: spicy-cabbage-500g, price: 2990, weight: 500}]\n  made_of: 大白菜、辣椒\n  allergens: 含鱼\n"
        "  storage: 冷藏\n  shelf_life: 30 天\n",
    ),
}
"""What is written into other records, and before which of their fields."""
VALUE = re.compile(r": (\[[a-z]+\]|[^,{}\[\]\n]+)")
MISSPELT = (
    "19：00", "9:00", "7pm", "24:00", "39:00", "2026-02-29", "2020-01-01", "0226-01-01", "[周一]", "monday", "[]",
    "13", "11月", "0.5", "left top", "[{}]", "{}", "one", "nine", "1990", "~", "\u202e",
)  # fmt: skip
TEXTS = (
    "放山[^a]。\n\n[^a]: 进山\n",
    "> **他们回来了**\n",
    "> **他们走了**\n",
    "［^a］\n",
    "[^a][^a]\n\n[^a]: x[^a]\n",
)
"""Side notes and pull quotes, half of them good."""


def fill(random: Random, files: dict[str, Any]) -> None:
    """Put all of it into the files, three times of four with one misspelt value, and at times with a text."""
    files |= ROOM | {name: data for name, data in GOOD_VIDEO.items() if name not in files}
    for name, (before, more) in FILLED.items():
        files[name] = str(files.get(name)).replace(f"\n{before}", f"\n{more}{before}", 1)
    texts = {name: more for name, (_, more) in FILLED.items()} | {"live/one.md": ROOM["live/one.md"]}
    name = random.choice([*texts])
    found = random.choice([*VALUE.finditer(texts[name])])
    if random.random() < 0.75:
        changed = texts[name][: found.start(1)] + random.choice(MISSPELT) + texts[name][found.end(1) :]
        files[name] = files[name].replace(texts[name], changed)
    if random.random() < 0.3:
        files["stories/returnees.md"] += f"\n{random.choice(TEXTS)}"
