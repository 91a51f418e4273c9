"""What captions say, as editing programs write them: when, by whom, in which words; and what of them players get."""

import pytest
from storefront.check.media import captions as rules
from storefront.read.media.captions import cues, published

FIRST, SECOND = "00:00:01.000 --> 00:00:02.000", "00:00:03.000 --> 00:00:04.000"
CASES = [
    (f"WEBVTT\n\n{FIRST}\nOne,\ntwo\n\n\n01:00:00.000 --> 01:00:01.000 align:start\nThree\n", ["One, two", "Three"]),
    (f"WEBVTT\n\n1\n{FIRST}\n你好\n\n2\n{SECOND}\n再见\n", ["你好", "再见"]),
    (f"WEBVTT\n\n{FIRST}\n你好\n{SECOND}\n再见\n", ["你好", "再见"]),
    (f"WEBVTT\n\n1\n{FIRST}\n你好\n2\n{SECOND}\n再见\n", ["你好", "再见"]),
    (f"WEBVTT\n{FIRST}\n你好\n  \n{SECOND}\n再见", ["你好", "再见"]),
    (f"WEBVTT - 一坛菜\nKind: captions\n\n{FIRST}\n你好\n \t \n2\n{SECOND}\n再见", ["你好", "再见"]),
    (f"WEBVTT\n\nNOTE 问过老王\n\n{FIRST}\n你好\n\nNOTE\n还没问\n\n{SECOND}\n再见\n", ["你好", "再见"]),
    (f"WEBVTT\n\n{FIRST}\n<v 老王>你好 &amp; 再见\n", ["老王: 你好 & 再见"]),
    (f"WEBVTT\n\n{FIRST}\n<v.loud 老王>你好</v>\n<v 小李>吃了吗</v>\n", ["老王: 你好", "小李: 吃了吗"]),
    (f"WEBVTT\n\n{FIRST}\n<v 老王>你好</v>，<i>他</i>说\n", ["老王: 你好", "，他说"]),
    (f"WEBVTT\n\n{FIRST}\n<v Lao Wang>Good\nmorning &lt;3\n", ["Lao Wang: Good morning <3"]),
    (f"WEBVTT\n\n{FIRST}\n一棵白菜，\n对半切开\n撒上盐 <00:00:01.500>压一夜\n", ["一棵白菜，对半切开 撒上盐 压一夜"]),
    (f"WEBVTT\n\n{FIRST}\n<ruby>泡<rt>pào</rt>菜<rt>cài</rt></ruby>\n", ["泡菜"]),
    (f"WEBVTT\n\n{FIRST}\n1\n\n{SECOND}\n2\n", ["1", "2"]),
    (f"WEBVTT\n\n{FIRST}\n1\n{SECOND}\n2\n", ["1", "2"]),
]


def told(text: str) -> list[str]:
    spoken = [pair for cue in cues(text) for pair in cue.spoken]
    return [f"{speaker}: {words}" if speaker else words for speaker, words in spoken]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_captions_say_what_is_said_and_who_says_it(text: str, expected: list[str]) -> None:
    faults: list[object] = []
    rules.check(text, 3601, lambda *fault: faults.append(fault))
    assert (told(text), faults) == (expected, [])


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_players_get_the_cues_alone_and_say_the_same(text: str, expected: list[str]) -> None:
    shown = published(text)
    assert told(shown) == expected
    assert "NOTE" not in shown and "问" not in shown
    assert [cue[1:] for cue in cues(shown)] == [cue[1:] for cue in cues(text)]
    rules.check(shown, 3601, lambda *fault: pytest.fail(str(fault)))


def test_each_cue_has_its_line_its_moments_and_its_place_on_the_screen() -> None:
    text = f"WEBVTT\n\nNOTE x\n\n7\n{FIRST} align:start\n一\n\nx\n{SECOND}\n二\n"
    assert [(cue.line, cue.start, cue.end) for cue in cues(text)] == [(6, 1000, 2000), (10, 3000, 4000)]
    assert f"{FIRST} align:start" in published(text)
