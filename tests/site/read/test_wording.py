"""What people read is worded as a shop words it today, and a ship-by date is said in one way, wherever it stands."""

import html as html_lib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from cunbo.authoring import editor, new
from storefront.read import messages

from tests.site.helpers.built import REPO, every_page, page

LETTERS = REPO / "functions/chalicelib/mail/letters"
UNWANTED = {
    "zh": {
        "您": "你",
        "邮费|邮资": "运费",
        "原付款处": "原路退回",
        "等待付款|等付款": "待付款",
        r"(?<![微短通电相诚自守可迷私网])信(?![息任用])|寄往": "邮件、发送：an e-mail is no 信",
        "收货人": "收件人",
        "管事的": "管理员",
        "货放回|放回去": "商品已释放",
        "货款(?:原路|已)?退": "款项原路退回",
        "放进(?:了)?购物车": "加入购物车",
        "找一找": "搜索",
        "(?:勤|频繁)了": "操作太频繁",
        "写法不对": "格式不对",
        "不用再做|什么都不用做": "无需操作",
        "没有答应|的答复": "没有成功、暂未收到结果",
        "钥匙": "凭链接可查看",
        "电子邮件|电邮|邮箱地址": "邮件 is what is sent, 邮箱 where",
        "沙箱": "沙盒",
        "发表": "发布",
        "登陆|帐[号户]|定单": "登录、账号、订单",
    },
    "en": {
        r"\b[Ee]-mail": "email",
        "the way it came": "to your original payment method",
        r"\b(?:a|the|this|your|that) letters?\b(?! (?:of|as))|\bletters (?:about|that|go|to)\b": "email",
        r"\bordinar(?:y|ily)\b": "everyday, usually",
        r"\bmend(?:ed|s)?\b": "fix",
        r"\bto nobody\b|\bfor who (?:works|wrote|has)\b": "don't share; for those who",
        r"\bAsking what|\bWho is on air\b|\bStruck[ -]out\b": "Checking; Live now; Was",
        r"\bwaiting list\b": "waitlist",
        r"\bmoney (?:goes|has gone|went) back\b": "you've been refunded",
        r"\blimited-time\b": "live offer",
        r"\bgot no answer\b|\b[Nn]o answer came\b|\bsaid no\b": "we don't know yet whether; that didn't work",
        r"\b[Tt]here is nothing for you to do\b|\bnothing was paid\b": "nothing you need to do; weren't charged",
        r"\bone buyer\b|\bno reason at all\b": "per customer; no reason needed",
        r"\b[Gg]o on shopping\b|\bopens no order\b|\bamong the spam\b": "continue shopping; can't find it; check spam",
        r"\bare told of by\b|\b[Ii]f hands\b|\bhands fall\b": "were reported by; if we",
        r"\b[Tt]o know more\b": "read more",
    },
}
"""Patterns, and what a shop says instead."""
DATE = {
    "zh": r"(?:(?<!\d)(?<!年 )(?:\d+ 年 )?\d+ 月 \d+ 日|\{(?:day|new|old)\}|\{\{ (?:first_)?ship_by \}\}|某月某日)",
    "en": r"(?:\d+ [A-Z][a-z]+(?: \d{4})?|\{(?:day|new|old)\}|\{\{ (?:first_)?ship_by \}\})",
}
OTHER_WAYS = {
    "zh": [
        rf"(?<!最晚)(?<!最晚 ){DATE['zh']} ?(?:以?之?前|内)?(?:发货|发出|寄出)(?!的)(?!日)",
        rf"最晚 ?{DATE['zh']}(?! ?发出)",
    ],
    "en": [rf"[Ss]hip\w*:? (?!by )(?:\w+ ){{0,3}}?{DATE['en']}(?! \w)", rf"ship by {DATE['en']}"],
}
"""How else a date beside shipping might be said: before it, from it, by it at the soonest."""


def leaves(branch: Mapping[str, object], lang: str, name: str = "") -> Iterator[tuple[str, str]]:
    """The sentences of one language in a file of words, by their names."""
    for key, twig in branch.items():
        if isinstance(twig, Mapping):
            here = f"{name}.{key}"
            yield from [(here, str(twig[lang]))] if set(twig) == {"zh", "en"} else leaves(twig, lang, here)


def written(lang: str) -> list[tuple[str, str]]:
    """All that people read in one language and that stands in a file, as (where, text)."""
    found = [
        (f"{path.name}{name}", text)
        for path in (messages.TEXTS, messages.TEXTS.with_name("fields.yml"), REPO / "content/shop.yml")
        for name, text in leaves({"": yaml.load(path.read_bytes(), yaml.CSafeLoader)}, lang)
    ]
    for file in ("faults.yml", "phrases.yml"):
        told = yaml.load(messages.TEXTS.with_name(file).read_bytes(), yaml.CSafeLoader)
        told.pop("remedies", None)  # in the other language each is named by its description
        found += [(f"{file}{name}", text) for name, text in leaves({"": told}, lang)]
    notes = re.compile(r"\{#.*?#\}", re.DOTALL)
    found += [
        (f"{path.parent.name}/{path.name}", notes.sub("", path.read_text(encoding="utf-8")))
        for path in sorted(LETTERS.glob(f"*/{lang}.*"))
    ]
    for words in (editor.SAY, new.SAY):
        found += [(f"cunbo {name}", text[lang]) for name, text in words.items()]
    texts = tomllib.loads((LETTERS.parents[1] / "sms/messages.toml").read_text(encoding="utf-8"))
    found += [(f"messages.toml {name}", said[lang]) for name, said in texts.items()]
    found += [
        (path.name, path.read_text(encoding="utf-8"))
        for path in sorted((REPO / "content").rglob("*.md"))
        if path.name.endswith(".en.md") == (lang == "en")
    ]
    captions = sorted((REPO / "content").rglob(f"*-{lang}.vtt"))
    found += [(path.name, path.read_text(encoding="utf-8")) for path in captions]
    found += [("README.zh.md", (REPO / "README.zh.md").read_text(encoding="utf-8"))] if lang == "zh" else []
    return found


def other_ways(text: str, lang: str) -> list[str]:
    """How a text says a ship-by date in another way than the shop's."""
    return [found[0] for pattern in OTHER_WAYS[lang] for found in re.finditer(pattern, text)]


@pytest.mark.parametrize("lang", UNWANTED)
def test_no_sentence_uses_a_word_that_a_shop_would_not_use_today(lang: str) -> None:
    texts = written(lang)
    assert len(texts) > 400, "the sentences are really looked at"
    assert [
        f"{where}: {found[0]}: {better}"
        for where, text in texts
        for pattern, better in UNWANTED[lang].items()
        for found in re.finditer(pattern, text)
    ] == []


@pytest.mark.parametrize("lang", OTHER_WAYS)
def test_the_day_by_which_something_ships_is_said_in_one_way(lang: str) -> None:
    assert [(where, ways) for where, text in written(lang) if (ways := other_ways(text, lang))] == []


def test_built_pages_say_a_ship_by_date_in_one_way_too(site: Path) -> None:
    texts = {path: html_lib.unescape(page(site, path).text) for path in every_page(site)}
    ways = {path: other_ways(text, "en" if path.startswith("/en/") else "zh") for path, text in texts.items()}
    assert {path: said for path, said in ways.items() if said} == {}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "最快 12 月 1 日发货"),
        ("zh", "还剩 3 件，{day}前发货"),
        ("zh", "最晚 {{ ship_by }}发货"),
        ("zh", "最晚 12 月 1 日前"),
        ("zh", "付款后 2027 年 1 月 3 日之前寄出"),
        ("en", "Ships from 1 December"),
        ("en", "Order now: ships before {day}"),
        ("en", "Ships by: {{ ship_by }}; ships on 3 January 2027"),
        ("en", "Shipping: 30 November"),
    ],
)
def test_other_ways_to_say_it_are_seen(lang: str, said: str) -> None:
    assert other_ways(said, lang) != []


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "最晚 12 月 1 日发出，还剩 3 件"),
        ("zh", "改为最晚 {new}发出（原定 {old}）"),
        ("zh", "请在 11 月 24 日 12:15 前付款"),
        ("en", "Ships by 1 December, 3 left"),
        ("en", "Order now: ships by {day}"),
        ("en", "Please pay by 12:15 on 24 November (China time). Ships by {{ ship_by }}."),
    ],
)
def test_the_shops_own_way_is_no_other(lang: str, said: str) -> None:
    assert other_ways(said, lang) == []
