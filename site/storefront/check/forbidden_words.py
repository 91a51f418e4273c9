"""What the law forbids to say where goods are sold: forbidden_words.yml lists it, with reason and remedy.

A text is made plain first, so that each family of words is found however it is dressed: with signs or blanks within, in
traditional or full-width characters, over the end of a line. What is denied right before it ("不能治病") is no claim.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import msgspec
import yaml
from chalicelib.domain.voices.claims import CLAIMS_EN, CLAIMS_ZH

from storefront.read.faults import Said, fault
from storefront.read.forms import shown
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader, SourceFile, SourceRecord

CLAIMS = {"zh": CLAIMS_ZH, "en": CLAIMS_EN}
SELLING = ("", "products", "stories", "videos", "live", "villages")
"""Folders whose records lead to goods, and the front page's own.

Pages are not among them: those for hosts and writers name what is forbidden.
"""
HAN = "\u3400-\u9fff"
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
WITHIN = re.compile(rf"(?<=[{HAN}])(?:[ \t]*\n[ \t]*|(?:[^\w\n,!?;:、。()\[\]{{}}<>…]|_){{1,3}})(?=[{HAN}])")
"""What stands within a word to hide it: a few signs or blanks, or the end of a line; none that ends a clause."""
TRADITIONAL = str.maketrans(
    "療癒愈醫藥預風濕關節癥癌腫緩緩減輕調節體壓脂膽醇養護補氣陽陰腎臟肝脾腦潤腸熱燥淨毒顏膚祛斑豐瘦減齡抗衰強壯國級極頂優質銷"
    "獨無雙領導專門廣純綠百對絕檢證推薦廳禮發貨寄當隨時內劑實驗臨床燒長高視睡眠記憶疫機頭腳癢濟傷壽網價錢嗎們軟塊與損殺滅罷滿過敏類競爭線產業"
    "場幫張個這來後從開點還讓為沒會說經復應項總統軍隊務員賓館國宴聯盟認權獲獎牌冶",
    "疗愈愈医药预风湿关节症癌肿缓缓减轻调节体压脂胆醇养护补气阳阴肾脏肝脾脑润肠热燥净毒颜肤祛斑丰瘦减龄抗衰强壮国级极顶优质销"
    "独无双领导专门广纯绿百对绝检证推荐厅礼发货寄当随时内剂实验临床烧长高视睡眠记忆疫机头脚痒济伤寿网价钱吗们软块与损杀灭罢满过敏类竞争线产业"
    "场帮张个这来后从开点还让为没会说经复应项总统军队务员宾馆国宴联盟认权获奖牌治",
)
"""Traditional characters of such words, and the simplified ones that the list has; 冶 is written for 治 to hide it."""
CLAUSE = 16
"""How many signs before a claim are looked at for its denial."""
DENIED = re.compile(
    r"(?<!不是)(?<!没有)(?<!不得)"
    r"(?:不能|不可以?|不会|不得|不敢|不宜|没有|没|并?无|不是|并非|绝非|不|未|别说|莫说|谈不上|算不上|称不上|说不上|不具(?:有|备))"
    r"(?:代替|替代|取代|药物|药品|用来|用于|任何|什么|有|具有|具备|宣称|声称|说|讲|保证|能|会|是|所谓|当作?|作为|叫|的|它|自己)*\Z"
    r"|(?:\b(?:not|never|no|nor|cannot|without)|n't)"
    r"(?: (?:an?|any|the|to|claims?|used|meant|intended|be|it|really|that))* \Z"
)
"""How a claim is denied right before it: 不能代替药物治疗, "it does not cure"."""


class WordGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is forbidden for one reason: families of words as regular expressions, or the `claims` of the functions."""

    why: Mapping[str, str]
    remedy: Mapping[str, str]
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    claims: bool = False


class ForbiddenWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole list."""

    groups: tuple[WordGroup, ...]


class ForbiddenPhrase(NamedTuple):
    """What is forbidden in a text: its line (from 1), what is wrong, and the remedy."""

    line: int
    what: Said
    remedy: Said


@cache
def words() -> ForbiddenWords:
    """Return what forbidden_words.yml says; raises msgspec.ValidationError where that has another form."""
    tree = yaml.load(Path(__file__).with_name("forbidden_words.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return msgspec.convert(tree, ForbiddenWords)


def families(group: WordGroup, lang: str) -> tuple[str, ...]:
    """Return the regular expressions of a group in one language."""
    own: tuple[str, ...] = getattr(group, lang)
    return (*own, *CLAIMS[lang]) if group.claims else own


@cache
def patterns() -> list[re.Pattern[str]]:
    """Return what finds them, Chinese and English; the capture of a match has its group's number."""
    chinese = "|".join(f"({'|'.join(families(group, 'zh'))})" for group in words().groups)
    english = "|".join(f"({'|'.join(families(group, 'en'))})" for group in words().groups)
    # In ASCII alone, Chinese around an English word ends it. The look ahead spares most places the long list.
    both = rf"(?=[{HAN}\d])(?:{chinese})", rf"(?a:\b(?:{english})\b)"
    return [re.compile(pattern.replace(" ", r"\s")) for pattern in both]


AVOIDED = re.compile(
    r"""^[ \t]*#.*$|^[ \t-]*avoid:.*$|(?<=[{,])[ \t]*avoid:[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[^,}\n]*)""", re.MULTILINE
)
"""What nobody sells by: comments, and what a host's card forbids, on a line of its own or in braces."""


def said(text: str) -> str:
    """Return a record's file without what its fields say to nobody who buys, line by line as it was."""
    front, end, body = text.partition("\n---\n")
    return AVOIDED.sub("", front) + end + body


class PlainWords(NamedTuple):
    """A text made plain; `hidden` are the places in it where an end of line was taken out."""

    text: str
    hidden: list[int]

    def line(self, index: int) -> int:
        """Return the line of the text as it was written, from 1, in which a place lies."""
        return self.text.count("\n", 0, index) + bisect_right(self.hidden, index) + 1


def plain(text: str) -> PlainWords:
    """Return a text as the list has its words: simplified, half-width, in small letters, nothing within a word."""
    bare = INVISIBLE.sub("", normalize("NFKC", text)).lower().translate(TRADITIONAL)
    bare = "\n".join(" ".join(line.split()) for line in bare.split("\n"))
    pieces, hidden, at, length = [], [], 0, 0
    for found in WITHIN.finditer(bare):
        pieces.append(bare[at : found.start()])
        length += found.start() - at
        at = found.end()
        if "\n" in found[0]:
            hidden.append(length)
    return PlainWords("".join((*pieces, bare[at:])), hidden)


@lru_cache(maxsize=2048)
def found(text: str) -> tuple[ForbiddenPhrase, ...]:
    """Return each claim in a text that is forbidden where goods are sold; a text that stays is looked through once."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[ForbiddenPhrase]:
    bare = plain(text)
    for pattern in patterns():
        for match in pattern.finditer(bare.text):
            if DENIED.search(bare.text[max(0, match.start() - CLAUSE) : match.start()]):
                continue
            group = words().groups[int(match.lastindex or 0) - 1]
            why, remedy = (Said(*(told[lang] for lang in LANGUAGES)) for told in (group.why, group.remedy))
            yield ForbiddenPhrase(
                bare.line(match.start()), *fault("forbidden", words=shown(match[0]), why=why, remedy=remedy)
            )


def check(sources: Iterable[SourceFile]) -> None:
    """Report every claim in files that sell, front matter and text."""
    for source in sources:
        for claim in found(said(source.text)):
            source.report(*claim)


def check_captions(reader: ContentReader, videos: Iterable[SourceRecord]) -> None:
    """Report every claim in what is said in films."""
    for video in videos:
        for path in (reader.content / "videos" / f"{video.id}-{lang}.vtt" for lang in LANGUAGES):
            for claim in found(reader.text(path) or "") if path.is_file() else ():
                reader.report(path, *claim)
