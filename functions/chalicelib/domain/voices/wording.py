"""How words of strangers are read: what is taken out of them, what is refused at once, and what a moderator is told.

Refused at once is what its sender can mend: too short or long, no letters, marks piled on marks, walls of pictures,
links, phone numbers, ids of messengers. Flagged is what a person must weigh: advertising, claims that food heals,
insults, letters of several scripts in one word, signs that nobody sees, contacts that are spelt around the rule.

What stays is text, composed (NFC), without formats and controls. Whoever shows it shows it as text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from chalicelib.domain.text import BLANK_LETTERS, BLANKS, is_letter
from chalicelib.domain.voices.claims import CLAIMS_EN, CLAIMS_ZH

REVIEW_LENGTH, COMMENT_LENGTH, STORY_LENGTH = (10, 500), (2, 500), (50, 5_000)
NAME_LENGTH, TITLE_LENGTH, REPLY_LENGTH = (1, 20), (2, 60), (1, 300)
"""The least and the most characters of each; blanks do not count for the least."""

MOST_LINES = 200
MOST_MARKS = 3
"""Marks upon one letter: Hebrew, Arabic, Thai and Vietnamese have that many, nothing that is read has more."""
FREE_PICTURES = 8
"""Emoji that any words may have; beyond them at most as many as letters."""

PICTURES = re.compile("[\u2190-\u2bff\u3297\u3299\U0001f000-\U0001faff]")
JOINED = re.compile("[\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]")
"""What joins and dresses emoji: no trick."""
DIGITS = str.maketrans("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺〡〢〣", "00123456789123456789" + "1123")
BETWEEN = r"[\s\-_.,·•~*/|\\()（）:：、，。…=+#'\"—–−]*"
"""What people put between digits."""

LINK = re.compile(
    r"(?:https?|hxxps?|ftp|weixin|alipays?|taobao|tbopen)\s*[:：]\s*/|\bwww\s*[.。]|\bxn--|//\S"
    r"|[a-z0-9-]{2,}\s?(?:[.。]|点|\bdot\b)\s?(?:com|cn|net|org|xyz|vip|cc|ru|tk|ltd|wang|biz|icu)(?![a-z])"
    r"|[a-z0-9-]{2,}\.(?:top|shop|info|me|io|co|app|link|club|site|online|live)/"
    r"|[￥¥$€₤£]\s?[a-z0-9]{8,13}\s?[￥¥$€₤£]"
)
EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|#at#|艾特)\s?[\w-]+\s?(?:\.|。|点)\s?[a-z]{2,}")
PHONE = re.compile(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}\d{7,8}(?!\d)|(?<!\d)[48]00\d{7}(?!\d)")
MESSENGER = (
    r"(?:微.?信|威信|薇信|徽信|维信|[威薇维]芯|薇|卫星|企鹅|扣扣|抖音|小红书|快手|电报|weixin|we ?chat|whats ?app"
    r"|telegram|vx|wx|qq|v信|[+加]v)"
)
ID = re.compile(
    rf"(?<![a-z]){MESSENGER}(?:\s?(?:号|id|[:：=]|是|为)[\s号码:：=]{{0,4}}[a-z][a-z0-9_-]{{4,19}}"
    rf"|[\s\-—_~>.,，:：=号码是]{{0,6}}(?:(?=[a-z_-]*\d)[a-z][a-z0-9_-]{{4,19}}|\d{{5,13}}))"
)
HINT = re.compile(
    r"加.?(?:我|微|薇|威|v|q|群|好友)|私.?[信聊]|[vq]信|[薇威徽维]信|薇|扫.{0,2}码|公众号|(?<![a-z])[vw]x(?![a-z])"
    rf"|{MESSENGER}.?号"
)
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dx](?![\da-z])")
ADVERT = re.compile(
    "代购|代理|加盟|返现|好评返|刷单|兼职|赚钱|优惠券|免费领|点击|低价|批发|清仓|招商|贷款|彩票|博彩|赌|代开|办证"
    "|buy now|promo ?code|casino|click here|cheapest|discount code|earn money|free gift"
)
INSULT = re.compile(
    "傻[逼比叉bx]|煞笔|沙比|脑残|智障|白痴|贱人|婊|王八蛋|混蛋|滚蛋|去死|狗[屁日东杂]|[草操肏艹]你|[他你]妈的|尼玛|妈逼"
    r"|骗子|乡巴佬|\b(?:fuck\w*|shit\w*|bitch\w*|asshole|bastards?|idiots?|morons?|retards?|scum|cunt)\b"
)
CLAIM = re.compile(rf"{'|'.join(CLAIMS_ZH)}|\b(?:{'|'.join(CLAIMS_EN)})\b")
PRETENDS = re.compile(
    "官方|客服|店主|店家|卖家|商家|掌柜|管理员|版主|小编|村播"
    "|official|admin|moderator|seller|customer(?:service|care)|support|cunbo"
)
"""Names under which nobody but the shop may speak."""
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN", "LISU", "TIFINAGH")
"""Alphabets whose letters look like each other's, as Unicode's names begin."""


class ReadWords(msgspec.Struct, frozen=True):
    """Words as they are kept; what the moderator is told of them; and what is wrong with them, empty for nothing."""

    text: str
    flags: tuple[str, ...] = ()
    wrong: str = ""


def read(typed: str, length: tuple[int, int], lines: int = MOST_LINES) -> ReadWords:
    """Return how words of so many characters, on so many lines, are read."""
    text = tidied(typed, lines > 1)
    wrong = next(_wrong(text, length), "")
    hidden = any(unicodedata.category(char) == "Cf" or char in BLANK_LETTERS for char in JOINED.sub("", typed))
    return ReadWords(text, (*(["hidden"] if hidden else []), *_flags(text)), wrong)


def read_name(typed: str, reserved: tuple[str, ...] = ()) -> ReadWords:
    """Return how a name is read that somebody chooses; nobody may speak as the shop, whose names are `reserved`."""
    found = read(typed, NAME_LENGTH, 1)
    plain = folded(found.text)
    if not found.wrong and (PRETENDS.search(plain) or any(name and folded(name) in plain for name in reserved)):
        return msgspec.structs.replace(found, wrong="a name of your own: this one sounds as if the shop spoke")
    return found


def tidied(typed: str, lines: bool = True) -> str:
    """Return words composed, without formats; with `lines` on lines, no more than one empty between two."""
    text = re.sub("\r\n?|[\u0085\u2028\u2029\x0b\x0c]", "\n", typed)
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in BLANK_LETTERS)
    rows = [BLANKS.sub(" ", row).strip(" ") for row in unicodedata.normalize("NFC", seen).split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(rows)).strip("\n") if lines else " ".join(filter(None, rows))


def folded(text: str) -> str:
    """Return what a text comes to for whoever looks for words in it: compatible forms (NFKC), small, without marks,
    pictures and blanks.
    """
    plain = unicodedata.normalize("NFKC", _bare(text)).casefold()
    return re.sub(r"\s", "", PICTURES.sub("", plain))


def digest(text: str) -> str:
    """Return what two texts share that say the same, whatever signs, blanks and widths they are dressed with."""
    letters = "".join(char for char in folded(text) if char.isalnum())
    return hashlib.sha256((letters or text).encode()).hexdigest()[:24]


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.category(char).startswith("M") and char != "\u20e3")


def _wrong(text: str, length: tuple[int, int]) -> Iterator[str]:
    """Yield what is wrong with it, that which its sender mends first before all else."""
    least, most = length
    if len(re.sub(r"\s", "", text)) < least or len(text) > most:
        yield f"{least} to {most} characters"
    if text.count("\n") >= MOST_LINES:
        yield f"at most {MOST_LINES} lines"
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co") and char != "\n" for char in text):
        yield "without signs that nobody sees"
    if _piled(text):
        yield "without marks piled on marks"
    letters = sum(map(is_letter, text))
    if not letters:
        yield "words, with letters or Han characters"
    if len(PICTURES.findall(text)) > max(FREE_PICTURES, letters):
        yield "fewer emoji than letters"
    lower = unicodedata.normalize("NFKC", _bare(text)).casefold()
    if LINK.search(lower):
        yield "without links"
    if EMAIL.search(lower) or PHONE.search(_digits(lower)) or ID.search(lower):
        yield "without phone numbers, e-mail addresses and ids of messengers"
    if IDENTITY.search(_digits(lower)):
        yield "without the number of anybody's identity card"


def _flags(text: str) -> Iterator[str]:
    """Yield what the moderator is told, by the name of it."""
    lower = unicodedata.normalize("NFKC", _bare(text)).casefold()
    plain = folded(text)
    letters = re.sub(r"[^\w]", "", plain)
    if any(len(_alphabets(word)) > 1 for word in re.findall(r"\w+", text)) or len(_alphabets(text)) > 1:
        yield "letters"
    if HINT.search(plain) or PHONE.search(_digits(plain.translate(DIGITS))) or re.search(r"\d{7}", _digits(plain)):
        yield "contact"
    if ADVERT.search(lower) or ADVERT.search(letters):
        yield "advertising"
    if CLAIM.search(lower) or CLAIM.search(letters):
        yield "claim"
    if INSULT.search(lower) or INSULT.search(letters):
        yield "insult"
    signs = sum(not (char.isalnum() or char.isspace() or unicodedata.category(char).startswith("M")) for char in text)
    if signs * 2 > len(text) or re.search(r"(.)\1{9}", text):
        yield "noise"


def _digits(text: str) -> str:
    """Return a text with nothing between the digits of a number."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return re.sub(rf"(?<=\d){BETWEEN}(?=\d)", "", plain)


def _piled(text: str) -> bool:
    run = 0
    for char in JOINED.sub("", text):
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        if run > MOST_MARKS:
            return True
    return False


def _alphabets(text: str) -> set[str]:
    names = (unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha() and ord(char) < 0x3000)
    return {name for name in names if name in SCRIPTS}
