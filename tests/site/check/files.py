"""Files of any name, and a story that leads to them."""

from tests.site.helpers.samples import GOOD, GOOD_VIDEO, photograph

STORY, ENGLISH = "stories/returnees.md", "stories/returnees.en.md"
HOSTS = "---\ntemplate: info.html\ntitle: 主播\nsummary: 给主播看\nfor_hosts: true\n---\n[直播台](/host/)\n"
HOSTS_EN = "---\ntemplate: info.html\ntitle: Hosts\nsummary: For hosts\n---\n[console](/en/host/), [us](returns.md)\n"
RETURNS = "---\ntemplate: info.html\ntitle: 退换\nsummary: 怎么退\n---\n## 坏了的\n\n拍照。\n\n## 10 天\n\n## 坏了的\n"
RETURNS_EN = "---\ntemplate: info.html\ntitle: Returns\nsummary: How\n---\n## What is spoiled\n\nSend a photo.\n"
FILES = (
    GOOD
    | GOOD_VIDEO
    | {"pages/hosts.md": HOSTS, "pages/hosts.en.md": HOSTS_EN}
    | {"pages/returns.md": RETURNS, "pages/returns.en.md": RETURNS_EN}
    | {"stories/old.jpg": photograph(), "stories/small.jpg": photograph(399), "stories/move.gif": b"GIF89a"}
)
NAMES = ["红枣.jpg", "a b.jpg", "IMG(1).jpg", "x#1.jpg", "y?2.jpg", "a+b.jpg", "50%.jpg", "a%20b.png", "_c_*d*.jpg"]
