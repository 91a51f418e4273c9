"""E-mail addresses: those that people have, and 200 strange ones, by what is strange about them."""

from itertools import combinations

LETTERS = "victim"
HONEST = (
    "wang@example.com",
    "Wang.Xiao-Ming_88@mail.example.com.cn",
    "12345678@qq.example",
    "li+shop@example.org",
    "a%b@example.net",
    "x@xn--fiqs8s.example",
    "x@example.xn--fiqs8s",
    "x@a-b.example",
    "1@1.example",
    f"{'a' * 64}@example.com",
    f"x@{'a' * 63}.example",
)


def _encoded(word: str, which: tuple[int, ...]) -> str:
    """The word as an RFC 2047 encoded word in which these letters are written as =hh."""
    return "".join(f"={ord(char):02x}" if index in which else char for index, char in enumerate(word))


QUOTED_WORDS = [
    f"=?x?q?{_encoded(LETTERS, which)}?=@example.net" for size in range(7) for which in combinations(range(6), size)
]
"""Each is read as victim@example.net by a parser of headers: 64 spellings."""
OTHER_WORDS = [
    "=?utf-8?b?dmljdGlt?=@example.net",
    "=?UTF-8?B?dmljdGlt?=@example.net",
    "=?us-ascii?b?dmljdGltQGV2aWwuZXhhbXBsZSw=?=@example.com",
    "=?utf-8?q?victim=40evil=2eexample=2c?=@example.com",
    "=?utf-8?q?a=0d=0aBcc=3a_x?=@x.example",
    "=?iso-8859-1*en?q?victim?=@example.net",
    "victim@=?utf-8?q?example?=.net",
    "a.=?utf-8?q?b?=@example.net",
    "=?@example.net",
    "?=@example.net",
    "a=b@example.net",
    "a?b@example.net",
]
COMMENTS = [f"{left}victim{right}@{domain}" for left, right, domain in (
    ("(x)", "", "example.net"), ("", "(x)", "example.net"), ("", "", "(x)example.net"), ("", "", "example.net(x)"),
    ("((", "", "example.net"), ("", "", "example(x).net"), ("", "\\", "example.net"), ("(", ")", "example.net"),
)]  # fmt: skip
QUOTES = [
    '"victim"@example.net', '"vic tim"@example.net', '"victim@evil.example"@example.net', '""@example.net',
    '"vic\\"tim"@example.net', 'vic"tim@example.net', "'victim'@example.net", '"victim@example.net',
    "`victim`@example.net", '"a".b@example.net',
]  # fmt: skip
SEVERAL = [
    f"victim@example.net{between}other@example.net"
    for between in (",", ", ", ";", "; ", " ", "\n", "\r\n", "\t", ":", "<", ">", "%", "!", "|", "/", "\\", "&", "@")
]
NAMED = [
    "Victim <victim@example.net>", "<victim@example.net>", "victim@example.net>", "group: victim@example.net;",
    "mailto:victim@example.net", "victim@example.net?bcc=x@example.net", "<a@b.example>victim@example.net",
    "@a.example:victim@example.net", "example.net!victim@", "victim@[127.0.0.1]", "victim@[IPv6:::1]",
    "victim@127.0.0.1", "victim@example.1", "victim@localhost", "victim@net",
]  # fmt: skip
CONTROLS = [f"vic{char}tim@example.net" for char in map(chr, (0, 1, 8, 9, 10, 11, 12, 13, 27, 31, 32, 127, 133, 160))]
AROUND = [
    f"{before}victim@example.net{behind}"
    for before, behind in (
        (" ", ""), ("", " "), ("\n", ""), ("", "\n"), ("", "\r\n"), ("\t", ""), ("", "\x00"), ("\ufeff", ""),
        ("", "\u200b"), ("", "\r\nBcc: x@example.net"), ("\u202e", ""), ("", "\u2028"),
    )
]  # fmt: skip
HOMOGLYPHS = [
    "vіctim@example.net", "victіm@example.net", "victim@exаmple.net", "ｖictim@example.net", "victim＠example.net",
    "victim@example。net", "victim@example．net", "victim@éxample.net", "vïctim@example.net", "victim@пример.example",
    "王@example.net", "victim@例子.example", "victim@example.中国",
    "ſ@example.net", "\u212a@example.net", "ⅴictim@example.net",
    "vic\u00adtim@example.net", "vic\u200dtim@example.net", "٣@example.net", "victim@example.nеt",
]  # fmt: skip
DOTS = [
    ".victim@example.net", "victim.@example.net", "vic..tim@example.net", "victim@.example.net",
    "victim@example..net", "victim@example.net.", "victim@-example.net", "victim@example-.net", "victim@example.-net",
    "victim@exa_mple.net", "victim@example.n", "victim@example.xn--", "victim@example.net-", "...@example.net",
    ".@example.net",
]  # fmt: skip
LONG = [
    f"{'a' * 65}@example.net",
    f"{'a' * 300}@example.net",
    f"x@{'a' * 64}.net",
    f"x@{'a.' * 126}net",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example",
    f"x@example.{'n' * 64}",
]
NONE = ["", "@", "victim", "@example.net", "victim@", "victim@@example.net", "a@b@example.net", "victim example.net"]
SIGNS = [f"vic{sign}tim@example.net" for sign in "!#$&'*/=?^`{|}~()<>[]:;,\\\""]

STRANGE = tuple(
    dict.fromkeys(
        QUOTED_WORDS + OTHER_WORDS + COMMENTS + QUOTES + SEVERAL + NAMED + CONTROLS + AROUND + HOMOGLYPHS + DOTS
        + LONG + NONE + SIGNS
    )
)  # fmt: skip
