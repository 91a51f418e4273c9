"""What is typed in place of the signs that YAML wants, and each line as it was meant.

**To add a slip, write a function that yields a line as it was meant, and add it to `SLIPS`** by its name in faults.yml.
A function may yield what was not meant, too: reading decides.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from unicodedata import normalize

from chalicelib import catalog

Mend = Callable[[str], Iterable[str]]
"""Yields what a line may have meant."""
LINE = r"^(\s*(?:- +)*)"
FIELD = r"^(\s*(?:- +)*(?:[\w-]+:\s+)?|.*[{,]\s*[\w-]+:\s+)"
NAME = r"([\w-]{1,30})"
DASHES = "–—―－‐‑−•·●*+"
LEFT, RIGHT = "“”„‟「『＂‘’＇«", "“”」』＂‘’＇»"
WIDE_SPACE = "\u3000\u00a0\u2000-\u200a\u202f\u205f\u200b-\u200d\u2060\ufeff"
BRACKETS = str.maketrans("［【〔］】〕｛｝", "[[[]]]{}")
SPECIAL = "[]{}@%`&*!|>?,\"'#"
"""Signs with which no text may begin outside quotes."""
UNITS = {"公斤": 1000, "千克": 1000, "kg": 1000, "斤": 500, "两": 50} | dict.fromkeys(
    re.findall(r"\S+", "克 g 天 日 day days 分 fen 秒 s 月 步 件 个 坛 瓶 盒 包 份 袋 箱 只 条 根 支 朵 束"), 1
)
"""How many of what is counted each unit is; yuan is told with its price."""
WEEKDAYS = {
    day: name
    for number, name in enumerate(catalog.WEEKDAYS)
    for day in (name, name[:3], *(f"{week}{'一二三四五六日'[number]}" for week in ("周", "星期", "礼拜")))
} | {"周天": "sunday", "星期天": "sunday", "礼拜天": "sunday"}
AFTERNOON = re.compile(r"下午|晚上?|傍晚|夜里?|pm|p\.m\.", re.IGNORECASE)
HOUR = re.compile(
    rf"(?P<part>早上|上午|中午|凌晨|{AFTERNOON.pattern})?\s*(?P<hour>\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})"
    r"\s*(?:[:：.．](?P<minute>\d\d)|[点时](?P<said>半|\d\d?分?|整)?|(?=\s*[ap]\.?m))\s*(?P<after>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
"""A time of the day as people write it: 9:00, 7pm, 19点, 晚上七点半."""
DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
TRUTHS = {"是": "true", "对": "true", "有": "true", "否": "false", "不是": "false", "没有": "false"}


def _wide_colon(line: str) -> Iterator[str]:
    yield _at_names(r" *[：﹕∶︰]\s*", line)


def _colon_space(line: str) -> Iterator[str]:
    yield _at_names(r":(?=[^\s/,}])", line)


def _at_names(wrong: str, line: str) -> str:
    """Return a line with a colon and a space in place of what is `wrong` after its field, and after those in braces."""
    line = re.sub(rf"{LINE}{NAME}{wrong}", r"\1\2: ", line)
    at = min((place for brace in "{｛" if (place := line.find(brace)) >= 0), default=len(line))
    return line[:at] + re.sub(rf"([{{｛,，、]\s*){NAME}{wrong}", r"\1\2: ", line[at:])


def _hyphen_space(line: str) -> Iterator[str]:
    yield re.sub(r"^(\s*)-(?=[^\s-])", r"\1- ", line)


def _dash(line: str) -> Iterator[str]:
    yield re.sub(rf"^(\s*)(?:[{re.escape(DASHES)}]+|\d{{1,2}}[.、．)）])\s*(?=\S)", r"\1- ", line)


def _comma(line: str) -> Iterator[str]:
    yield re.sub(r"[，、；;](?=\s*[\w-]{1,30}\s*[:：])\s*", ", ", line)
    yield re.sub(r"\[.*\]", lambda found: re.sub(r"[，、；;]\s*", ", ", found[0]), line)
    yield re.sub(r"\s*[，,、；;。]+\s*$", "", line)


def _quotes(line: str) -> Iterator[str]:
    odd = (
        rf"((?:^|[:\[{{,-])\s*)(?=[^,]*[{LEFT}{RIGHT}])[{LEFT}\"']([^{LEFT}{RIGHT}\"]*)[{RIGHT}\"'](?=\s*(?:[,\]}}]|$))"
    )
    yield re.sub(odd, r"\1\2", line)
    yield re.sub(odd, r'\1"\2"', line)


def _quoted(line: str) -> Iterator[str]:
    yield re.sub(r"(:\s+)(['\"])([^'\"\\#:]*)\2\s*$", r"\1\3", line)


def _brackets(line: str) -> Iterator[str]:
    yield line.translate(BRACKETS)
    yield re.sub(rf"{FIELD}[（(](.*)[）)]\s*$", r"\1[\2]", line)


def _quote_open(line: str) -> Iterator[str]:
    for whole in (r"\1\2\3\2", r"\1\3"):
        yield re.sub(rf"{FIELD}([\"'])((?:(?!\2).)*)$", whole, line)


def _bracket_open(line: str) -> Iterator[str]:
    for left, right in ("[]", "{}"):
        if line.count(left) > line.count(right):
            yield line.rstrip() + right


def _tab(line: str) -> Iterator[str]:
    if "\t" in line:
        indent = line[: len(line) - len(line.lstrip())]
        rest = re.sub(r"^((?:-\s+)*(?:[\w-]+:)?)\s*\t\s*", r"\1 ", line.lstrip())
        for size in (2, 4, 6, 8):
            yield indent.replace("\t", " " * size) + rest


def _wide_space(line: str) -> Iterator[str]:
    odd = re.compile(rf"^(\s*(?:-[\s{WIDE_SPACE}]+)*(?:[\w-]+:)?[\s{WIDE_SPACE}]*)")
    for size in (1, 2, 0):
        yield odd.sub(lambda found, size=size: re.sub(f"[{WIDE_SPACE}]", " " * size, found[1]), line)  # type: ignore[misc]


def _wide(line: str) -> Iterator[str]:
    yield re.sub(rf"{FIELD}(.+)$", lambda found: found[1] + normalize("NFKC", found[2]), line)
    yield re.sub("[０-９Ａ-Ｚａ-ｚ．－]", lambda found: normalize("NFKC", found[0]), line)


def _thousands(line: str) -> Iterator[str]:
    yield re.sub(r"(?<=\d)[,，_ ](?=\d{3}(?:\D|$))", "", line)


def _unit(line: str) -> Iterator[str]:
    def alone(found: re.Match[str]) -> str:
        many = UNITS.get(found[3].lower(), 0) * float(found[2])
        return f"{found[1]}{many:g}" if many and many < 1_000_000 else found[0]

    yield re.sub(rf"{FIELD}(\d+(?:\.\d+)?)\s*([^\d\s,，]+)\s*$", alone, normalize("NFC", line))
    yield re.sub(r"([{,]\s*[\w-]+:\s+)(\d+(?:\.\d+)?)\s*([^\d\s,，{}]+)(?=\s*[,}])", alone, normalize("NFC", line))


def _day(line: str) -> Iterator[str]:
    yield re.sub(
        r"(?<!\d)(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?",
        lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}",
        line,
    )
    yield re.sub(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", r"\1-\2-\3", line)


def _hour(line: str) -> Iterator[str]:
    yield re.sub(rf"((?:^|[{{,\s])[\w-]+:\s+)['\"]?({HOUR.pattern})['\"]?(?=\s*(?:[,}}]|$))", _clock, line, flags=re.I)


def _clock(found: re.Match[str]) -> str:
    """Return a field with its time as 19:30; as it is where nobody has such an hour."""
    hour = _number(found["hour"])
    said = found["minute"] or (found["said"] or "").strip("分整")
    minute = 30 if said == "半" else int(said or 0)
    if AFTERNOON.fullmatch(found["part"] or found["after"] or "") and hour < 12:
        hour += 12
    return f"{found[1]}{hour:02}:{minute:02}" if hour < 24 and minute < 60 else found[0]


def _number(written: str) -> int:
    """Return an hour in digits, or in Chinese from 一 to 九十九."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def _weekday(line: str) -> Iterator[str]:
    names = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
    day = re.compile(rf"(?<=[\[,，、\s])(?:{names})(?=[\],，、\s]|$)", re.IGNORECASE)
    named = day.sub(lambda found: WEEKDAYS[found[0].lower()], line)
    yield named
    yield re.sub(r"\[.*\]", lambda found: re.sub(r"[，、；;]\s*", ", ", found[0]), named)


def _in_list(line: str) -> Iterator[str]:
    yield re.sub(rf"{LINE[:-1]}[\w-]+:\s+)([^\[\]{{}}#]+?)\s*$", r"\1[\2]", line)
    yield re.sub(r"([{,]\s*[\w-]+:\s+)([\w-]+)(?=\s*[,}])", r"\1[\2]", line, count=1)


def _truth(line: str) -> Iterator[str]:
    yield re.sub(rf"{FIELD}({'|'.join(TRUTHS)})\s*$", lambda found: found[1] + TRUTHS[found[2]], line)


def _in_quotes(line: str, wanted: str) -> Iterator[str]:
    """Yield a line whose text stands in quotes, where what wants them is the comment, the colon or the sign."""
    for begin in (rf"{LINE[:-1]}[\w-]+:\s+)", r"^(\s*(?:- +)+)"):
        found = re.fullmatch(rf"{begin}(.+?)\s*", line)
        if found and found[2].strip() and not re.fullmatch(r"\{.*:.*\}|\"[^\"]*\"|'[^']*'", found[2]):
            text = found[2]
            cut = re.search(r"(?:^|\s)#", text)
            why = (
                "comment"
                if cut
                else "sign"
                if text[0] in SPECIAL or text.startswith("- ")
                else "colon"
                if re.search(r":(?:\s|$)", text)
                else ""
            )
            if why == wanted:
                safe = text.replace("\\", "\\\\")
                yield found[1] + (f'"{safe}"' if '"' not in text else "'" + text.replace("'", "''") + "'")


def _in_braces(line: str, wanted: str) -> Iterator[str]:
    """Yield a line in which a text within brackets stands in quotes, for the same reasons; and for a comma."""
    words = r"(?:(?!:\s)[^\]}\"'])*?"
    inside = {
        "comment": r"(?:[^,\]}\"']*\s)?#[^,\]}]*",
        "colon": r"[^,\]}\"']*:\s[^,\]}]*",
        "comma": rf"{words},{words}",
    }
    end = r"(?=,\s*[\w-]+:\s|\s*\})" if wanted == "comma" else r"(?=\s*[,\]}])"
    begin = r"([\[{,]\s*(?:[\w-]+:\s+)?)" if wanted == "comment" else r"([{,]\s*[\w-]+:\s+)"
    yield re.sub(rf"{begin}({inside[wanted]}){end}", lambda found: f'{found[1]}"{found[2].strip()}"', line)


def _in_quotes_or_braces(line: str, wanted: str) -> Iterator[str]:
    yield from _in_quotes(line, wanted)
    yield from _in_braces(line, wanted)


SLIPS: dict[str, Mend] = {
    "brackets": _brackets,
    "dash": _dash,
    "hyphen_space": _hyphen_space,
    "tab": _tab,
    "wide_space": _wide_space,
    "wide_colon": _wide_colon,
    "colon_space": _colon_space,
    "comma": _comma,
    "quotes": _quotes,
    "quoted": _quoted,
    "wide": _wide,
    "thousands": _thousands,
    "unit": _unit,
    "day": _day,
    "hour": _hour,
    "weekday": _weekday,
    "truth": _truth,
    "bracket_open": _bracket_open,
    "quote_open": _quote_open,
    "comment": partial(_in_quotes_or_braces, wanted="comment"),
    "colon_in_text": partial(_in_quotes_or_braces, wanted="colon"),
    "comma_in_text": partial(_in_braces, wanted="comma"),
    "sign": partial(_in_quotes, wanted="sign"),
    "in_list": _in_list,
}
"""Every slip by its name in faults.yml. The first that leaves the least is taken."""
TOGETHER = {"brackets", "dash", "hyphen_space", "wide_space", "wide_colon", "colon_space", "comma", "quotes", "wide"}
"""Those of which one line may have several."""
QUOTING = {"comment", "colon_in_text", "comma_in_text", "sign", "quote_open", "in_list"}
"""Those that make a text or a list of what stands there, whatever it is: nothing else may be wrong with it then."""
RUNNING = TOGETHER - {"comma", "wide"} | {"tab"}
"""Those that a writer repeats in line after line."""
