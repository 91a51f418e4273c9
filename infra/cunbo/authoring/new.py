"""`cunbo new`: asks what a record needs, and writes its files.

What is asked follows from the catalogue's types: a new field of `Product` is asked for without a line here, under the
name that site/storefront/read/fields.yml gives it. Each answer is held to its type at once; nothing is written before
the last one is given. The questions follow from the answers alone, so a walk through the same answers asks the same:
by it one can go back, be told how many questions there are, and go on another day.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar, get_origin

import msgspec
import yaml
from chalicelib.catalog import Fen, Slug, Text
from storefront.check.attachments import check_picture
from storefront.check.media.films import first_fault
from storefront.read import forms
from storefront.read.faults import Said, listed
from storefront.read.media import films
from storefront.read.media.pictures import LEAST
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS, template_of

KINDS = {
    "product": "products",
    "story": "stories",
    "video": "videos",
    "village": "villages",
    "room": "live",
    "page": "pages",
}
"""What can be asked for, and the folder that it is written in."""
FILES = {"src", "clip"}
"""Fields that name a file, which is copied beside the record."""
ASKED = {"products", "programme", "sample", "unit"}
"""What is asked for though a record may do without; all other such fields are written by hand where they are wanted."""
YES = {"y", "yes", "是", "有", "对"}
NO = {"n", "no", "不", "否"}
BACK = {"<", "＜", "《"}
"""What goes back to the question before; on a Chinese keyboard the same key writes the others."""
UNREAD = object()
T = TypeVar("T")
SAY = {
    "id": {
        "zh": "网址里的名字：小写字母、数字和连字符",
        "en": "Its name in the address: lower-case letters, digits and hyphens",
    },
    "yuan": {"zh": "{name}（元）", "en": "{name} (yuan)"},
    "zh": {"zh": "{name}，用中文写", "en": "{name}, in Chinese"},
    "en": {"zh": "{name}，用英文写", "en": "{name}, in English"},
    "again": {"zh": "  格式不对，请这样写：{remedy}", "en": "  That won't work. Write {remedy}"},
    "taken": {"zh": "  已经有 {name} 了，请换个名字", "en": "  {name} already exists: choose another name"},
    "no_file": {"zh": "  没有这个文件：{path}", "en": "  There is no file {path}"},
    "other_file": {
        "zh": "  已经有一个名为 {name} 的不同文件，请先给这个文件改名",
        "en": "  A different file named {name} already exists: rename this one first",
    },
    "entry": {"zh": "{name}（第 {number} 个）", "en": "{name} (number {number})"},
    "asked": {"zh": "{number}/{all} {label}", "en": "{number} of {all}: {label}"},
    "how": {
        "zh": "一共约 {all} 个问题。输入 < 回到上一个；按 Ctrl-C 停下，答过的会留着。",
        "en": "About {all} questions. Type < to go back; stop with Ctrl-C, and your answers are kept.",
    },
    "again_from": {
        "zh": "上次答了 {number} 个问题。接着写吗？接着就回车，重新开始输入 n",
        "en": "You answered {number} questions last time. Go on from there? Enter, or n to start again",
    },
    "kept": {
        "zh": "还没有写任何文件；答案留着，下次用同样的命令接着写",
        "en": "nothing was written; your answers are kept for the next time you run this",
    },
    "more": {"zh": "{name}：还要加吗？要就输入 y，不要就回车", "en": "{name}: add another? y, or just Enter"},
    "body": {"zh": "正文第一句，以后可以改", "en": "First sentence of the text (you can change it later)"},
    "caption": {"zh": "第一句字幕：短片里说了什么，或画面上有什么", "en": "First caption: what is said or shown"},
}


class Back(Exception):
    """The writer goes back to the question before."""


@dataclass
class Interview:
    """Asks in one language for what will lie in `folder`.

    `known` are the ids that a field may name, by the field; `files` will be those to be copied, by their new names;
    `answers` are those given so far, of which the first `at` have been heard in this walk.
    """

    lang: str
    folder: Path
    known: dict[str, list[str]]
    read: Callable[[str], str] = lambda label: input(label)
    tell: Callable[[str], None] = print
    files: dict[str, Path] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    at: int = 0
    all: int = 0
    """How many questions there are, as far as the answers tell."""
    counting: bool = False
    """Whether this walk only counts: what has no answer yet gets none."""

    def say(self, which: str, **values: object) -> str:
        """Return the message of that name, filled with `values`."""
        return SAY[which][self.lang].format(**values)

    def go_on(self, before: list[str]) -> list[str]:
        """Return the answers of the last time where the writer wants to go on from there."""
        if not before:
            return []
        said = self.read(f"{self.say('again_from', number=len(before))}: ").strip().lower()
        return [] if said in NO else before

    def walk(self, ask: Callable[["Interview"], T]) -> T:
        """Return what `ask` makes of the answers, asking for those that are missing; the writer may go back."""
        while True:
            self.files.clear()
            self.at, self.all = 0, self.count(ask)
            try:
                return ask(self)
            except Back:
                self.answers[:] = self.answers[:-1]

    def count(self, ask: Callable[["Interview"], Any]) -> int:
        """Return how many questions `ask` has, with the answers so far and no further entries of lists."""
        walk = replace(self, files={}, answers=[*self.answers], at=0, counting=True, tell=lambda _: None)
        ask(walk)
        return walk.at

    def ask(self, label: str, judge: Callable[[str], tuple[T, str]], unasked: T) -> T:
        """Ask until `judge` has nothing against the answer, and return what it makes of it.

        `judge` returns the value and what is wrong with it, empty where nothing is; `unasked` stands for an answer
        where questions are only counted.
        """
        if self.at < len(self.answers):
            value, wrong = judge(self.answers[self.at])
            if not wrong:
                self.at += 1
                return value
            del self.answers[self.at :]  # a file or a record has gone since it was answered
        if self.counting:
            self.at += 1
            self.answers.append("")
            return unasked
        while True:
            number = self.at + 1
            said = self.read(f"{self.say('asked', number=number, all=max(self.all, number), label=label)}: ").strip()
            if said in BACK:
                raise Back
            value, wrong = judge(said)
            if not wrong:
                self.answers.append(said)
                self.at += 1
                return value
            self.tell(wrong)

    def one(self, label: str, type_: Any, choices: tuple[str, ...] = ()) -> Any:
        """Ask for a value that fits the type, and is one of the `choices` if any."""
        choices = choices or forms.choices_of(type_)

        def judge(said: str) -> tuple[Any, str]:
            value = read(said, type_)
            named = {*value} if isinstance(value, list) else {value}
            if value is UNREAD or not forms.fits(value, type_):
                return None, self.say("again", remedy=getattr(forms.remedy_of(type_), self.lang))
            if choices and not named <= {*choices}:
                return None, self.say("again", remedy=getattr(listed(choices), self.lang))
            return value, ""

        return self.ask(f"{label}{f' [{chr(32).join(choices)}]' if choices else ''}", judge, None)

    def both(self, label: str, type_: Any = Text) -> dict[str, str]:
        """Ask for a text in each language."""
        fields = forms.fields_of(type_)
        return {lang: self.one(self.say(lang, name=label), fields[lang].type) for lang in LANGUAGES}

    def record(self, kind: Any, about: str = "", key: str | None = None) -> dict[str, dict[str, Any]]:
        """Ask for the fields of a record; return them by the language of their file. `key` is written in both."""
        found: dict[str, dict[str, Any]] = {lang: {} for lang in LANGUAGES}
        for name, info in forms.fields_of(kind).items():
            if info.required or name in ASKED:
                value = self.value(name, info.type, about)
                found["zh"][name] = value["zh"]
                if value.get("en") or name == key:
                    found["en"][name] = value.get("en", value["zh"])
        return found

    def value(self, name: str, type_: Any, about: str = "") -> dict[str, Any]:
        """Ask for a field's value; return it by language. A fact stands in the Chinese file alone."""
        label = about + forms.labels()[name][self.lang]
        if type_ == Fen:
            label = self.say("yuan", name=label)
        if forms.is_text(type_):
            return self.both(label, type_)
        if forms.is_record(type_):
            return self.record(type_, f"{label} · ")
        if forms.is_record(forms.item_of(type_)):
            return self.entries(label, type_)
        if name in FILES:
            return {"zh": self.file(label, first_fault if name == "clip" else unfit_picture)}
        item = forms.item_of(type_)
        choices = tuple(self.known.get(name, ())) or forms.choices_of(item)
        return {"zh": self.one(label, list[str] if item else type_, choices)}

    def entries(self, label: str, type_: Any) -> dict[str, list[Any]]:
        """Ask for a list of records: one, and more while there are more. Facts alone stand in the Chinese file."""
        item = forms.item_of(type_)
        found: dict[str, list[Any]] = {lang: [] for lang in (LANGUAGES if forms.speaks(item) else ("zh",))}
        more = True
        while more:
            about = self.say("entry", name=label, number=len(found["zh"]) + 1)
            entry = self.record(item, f"{about} · ", forms.key_of(item))
            for lang in found:
                found[lang].append(entry[lang])
            more = self.ask(self.say("more", name=label), lambda said: (said.lower() in YES, ""), False)
        return found

    def file(self, label: str, unfit: Callable[[Path], tuple[Said, Said] | None]) -> str:
        """Ask for a file of this machine until it is not `unfit`; return the name under which it will be copied."""

        def judge(said: str) -> tuple[str, str]:
            path = Path(said.strip("'\"")).expanduser()
            name = path.name.lower().replace(" ", "-")
            there = self.folder / name
            if not path.is_file():
                return "", self.say("no_file", path=path)
            if there.exists() and there.read_bytes() != path.read_bytes():
                return "", self.say("other_file", name=name)
            if wrong := unfit(path):
                return "", f"  {': '.join(getattr(part, self.lang) for part in wrong)}"
            self.files[name] = path
            return name, ""

        return self.ask(label, judge, "")


@dataclass(frozen=True)
class KeptAnswers:
    """The answers to questions that were broken off, in a file of this machine, until all have been answered."""

    path: Path

    def read(self) -> list[str]:
        """Return the answers; none where none are kept, or what is kept cannot be read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[str])
        except (OSError, msgspec.DecodeError):
            return []

    def write(self, answers: list[str]) -> None:
        """Keep the answers."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(msgspec.json.encode(answers))

    def clear(self) -> None:
        """Forget them."""
        self.path.unlink(missing_ok=True)


def new(kind: str, interview: Interview) -> list[Path]:
    """Ask for a record of the kind, write its files, and return their paths; existing files are not touched."""
    type_ = FOLDERS[KINDS[kind]]
    interview.tell(interview.say("how", all=interview.count(lambda walk: questions(kind, walk))))
    asked = interview.walk(lambda walk: questions(kind, walk))
    texts = {f"{asked.id}{'' if lang == 'zh' else f'.{lang}'}.md": lang for lang in LANGUAGES}
    written = {
        name: _sheet({"template": template_of(type_), **asked.fields[lang]}, asked.body[lang])
        for name, lang in texts.items()
    }
    if asked.caption:
        film = films.probe(interview.files[asked.fields["zh"]["clip"]])
        for lang in LANGUAGES:
            written[f"{asked.id}-{lang}.vtt"] = _captions(film.end, asked.caption[lang])
    made = []
    for name, path in interview.files.items():
        if not (interview.folder / name).exists():
            shutil.copyfile(path, interview.folder / name)
            made.append(interview.folder / name)
    for name, text in written.items():
        (interview.folder / name).write_text(text, encoding="utf-8")
        made.append(interview.folder / name)
    return made


def unfit_picture(path: Path) -> tuple[Said, Said] | None:
    """Return why a file cannot be a record's picture, and what to do; None where it can."""
    found: list[tuple[Said, Said]] = []
    check_picture(path, LEAST, 1, lambda _, what, remedy: found.append((what, remedy)))
    return next(iter(found), None)


@dataclass(frozen=True)
class Answered:
    """What was answered: the record's id, its fields, first sentence and first caption, each by language."""

    id: str
    fields: dict[str, dict[str, Any]]
    body: dict[str, str]
    caption: dict[str, str] | None


def questions(kind: str, interview: Interview) -> Answered:
    """Ask for a record of the kind."""

    def judge(said: str) -> tuple[str, str]:
        if not forms.fits(said, Slug):
            return "", interview.say("again", remedy=getattr(forms.remedy_of(Slug), interview.lang))
        taken = said and [*interview.folder.glob(f"{said}.*md")]
        return said, interview.say("taken", name=said) if taken else ""

    id_ = interview.ask(interview.say("id"), judge, "")
    fields = interview.record(FOLDERS[KINDS[kind]])
    body = interview.both(interview.say("body"))
    return Answered(id_, fields, body, interview.both(interview.say("caption")) if kind == "video" else None)


def read(said: str, type_: Any) -> Any:
    """Return what was typed as a value of the type, or UNREAD; money is typed in yuan, and a blank day is today."""
    kind = forms.bare(type_)
    try:
        if type_ == Fen:
            fen = Decimal(said.strip("¥￥元")) * 100
            return int(fen) if fen == int(fen) else UNREAD
        if kind is bool:
            return said.lower() in YES
        if kind is int:
            return int(said)
        if kind is date:
            return date.fromisoformat(said) if said else date.today()
    except (ValueError, InvalidOperation, OverflowError):
        return UNREAD
    return said.replace(",", " ").replace("、", " ").split() if get_origin(kind) is list else said


def _sheet(fields: dict[str, Any], body: str) -> str:
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{body}\n"


def _captions(seconds: int, caption: str) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"WEBVTT\n\n00:00:00.000 --> {hours:02}:{rest // 60:02}:{rest % 60:02}.000\n{caption}\n"
