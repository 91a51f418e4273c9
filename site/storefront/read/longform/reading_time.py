"""How long a text takes to read: by its signs in Chinese, by its words in other scripts."""

import re

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
TAGS = re.compile(r"<[^>]+>")
SIGNS_A_MINUTE, WORDS_A_MINUTE = 400, 230
"""What grown-ups read silently, of easy prose."""


def minutes(html: str) -> int:
    """Return the whole minutes that a text as HTML takes, at least 1; signs and words of both scripts count."""
    text = TAGS.sub(" ", html)
    signs = len(HAN.findall(text))
    words = len(WORD.findall(HAN.sub(" ", text)))
    return max(1, round(signs / SIGNS_A_MINUTE + words / WORDS_A_MINUTE))
