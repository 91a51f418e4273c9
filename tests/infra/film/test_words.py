"""What film commands say is written once, in both languages, and told in that of whoever reads it."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from cunbo.core.paths import ROOT
from cunbo.core.refusal import Refusal
from cunbo.film import words
from cunbo.film.evening.cuts import Why
from cunbo.film.words import say

from tests.infra.command_line import run

FILE = Path(words.__file__).with_name("words.yml")
TEXTS: dict[str, Any] = yaml.safe_load(FILE.read_bytes())
HAN = re.compile("[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, *_ in Formatter().parse(text) if name}


def test_all_that_is_said_has_both_languages_and_loses_nothing_in_either() -> None:
    for name, text in TEXTS.items():
        assert text.keys() == {"zh", "en"} and fields(text["zh"]) == fields(text["en"]), name
        assert not HAN.search(text["en"]), name
        assert HAN.search(text["zh"]) or text["zh"].startswith("{"), name


def test_it_is_written_once_and_something_says_it() -> None:
    names = re.findall(r"^(\w+):", FILE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    texts = [path.read_text("utf-8") for path in (ROOT / "infra" / "cunbo").rglob("*.py")]
    code = "".join(text for text in texts if re.search(r"cunbo\.film(\.words)? import .*(say|words)", text))
    code += FILE.with_suffix(".py").read_text("utf-8")
    said = set(re.findall(r"""say\(\s*["'](\w+)["']""", code)) | {*Why}
    assert {*names} == said


@pytest.mark.parametrize(("lang", "said"), [("zh_CN.UTF-8", "找不到文件 a.mp4"), ("C", "there is no file a.mp4")])
def test_a_refusal_is_told_in_the_language_of_whoever_reads_it(
    lang: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    assert str(Refusal(say("no_file", words="a.mp4"))) == said
    assert run("video", "plain", "a.mp4", "--name", "harvest") == 2
    assert capsys.readouterr().err == f"cunbo: {said}\n"


def test_a_name_that_is_not_known_is_answered_with_the_one_that_was_meant_or_with_all() -> None:
    assert words.instead("telvision", ["film", "television"]) == ("是不是想写 television？", "did you mean television?")
    assert words.instead("x", ["film", "8mm"]) == ("可以写 8mm、film", "there are 8mm, film")
