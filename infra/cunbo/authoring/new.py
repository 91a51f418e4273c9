"""`cunbo new`: asks what a record needs, and writes its two files.

What is asked follows from the catalogue's types: a new field of `Product` is asked for without a line here, under the
name that site/storefront/read/fields.yml gives it. Each answer is held to its type at once; nothing is written before
the last one is given.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_origin

import yaml
from chalicelib.catalog import Fen, Slug, Text
from storefront.check.films import first_fault
from storefront.read import forms
from storefront.read.faults import Said, listed
from storefront.read.media import films
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS, template_of

KINDS = {"product": "products", "story": "stories", "video": "videos", "village": "villages"}
"""What can be asked for, and the folder that it is written in."""
FILES = {"src", "clip"}
"""Fields that name a file, which is copied beside the record."""
ASKED = {"products", "sample", "unit"}
"""What is asked for though a record may do without; all other such fields are written by hand where they are wanted."""
YES = {"y", "yes", "是", "有", "对"}
UNREAD = object()
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
    "more": {"zh": "{name}：还要加吗？要就输入 y，不要就回车", "en": "{name}: add another? y, or just Enter"},
    "body": {"zh": "正文第一句，以后可以改", "en": "First sentence of the text (you can change it later)"},
    "caption": {"zh": "第一句字幕：短片里说了什么，或画面上有什么", "en": "First caption: what is said or shown"},
}


@dataclass
class Interview:
    """Asks in one language for what will lie in `folder`.

    `known` are the ids that a field may name, by the field; `files` will be those to be copied, by their new names.
    """

    lang: str
    folder: Path
    known: dict[str, list[str]]
    read: Callable[[str], str] = lambda label: input(label)
    tell: Callable[[str], None] = print
    files: dict[str, Path] = field(default_factory=dict)

    def say(self, which: str, **values: object) -> str:
        """Return the message of that name, filled with `values`."""
        return SAY[which][self.lang].format(**values)

    def one(self, label: str, type_: Any, choices: tuple[str, ...] = ()) -> Any:
        """Ask until the answer fits the type, and is one of the `choices` if any, and return it."""
        choices = choices or forms.choices_of(type_)
        while True:
            said = self.read(f"{label}{f' [{chr(32).join(choices)}]' if choices else ''}: ").strip()
            value = read(said, type_)
            named = {*value} if isinstance(value, list) else {value}
            if value is UNREAD or not forms.fits(value, type_):
                self.tell(self.say("again", remedy=getattr(forms.remedy_of(type_), self.lang)))
            elif choices and not named <= {*choices}:
                self.tell(self.say("again", remedy=getattr(listed(choices), self.lang)))
            else:
                return value

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
            return {"zh": self.file(label, first_fault if name == "clip" else lambda path: None)}
        return {"zh": self.one(label, list[str] if forms.item_of(type_) else type_, tuple(self.known.get(name, ())))}

    def entries(self, label: str, type_: Any) -> dict[str, list[Any]]:
        """Ask for a list of records: one, and more while there are more."""
        item = forms.item_of(type_)
        found: dict[str, list[Any]] = {lang: [] for lang in LANGUAGES}
        more = True
        while more:
            about = self.say("entry", name=label, number=len(found["zh"]) + 1)
            entry = self.record(item, f"{about} · ", forms.key_of(item))
            for lang in LANGUAGES:
                found[lang].append(entry[lang])
            more = self.read(f"{self.say('more', name=label)}: ").strip().lower() in YES
        return found

    def file(self, label: str, unfit: Callable[[Path], tuple[Said, Said] | None]) -> str:
        """Ask for a file of this machine until it is not `unfit`; return the name under which it will be copied."""
        while True:
            path = Path(self.read(f"{label}: ").strip().strip("'\"")).expanduser()
            name = path.name.lower().replace(" ", "-")
            there = self.folder / name
            if not path.is_file():
                self.tell(self.say("no_file", path=path))
            elif there.exists() and there.read_bytes() != path.read_bytes():
                self.tell(self.say("other_file", name=name))
            elif wrong := unfit(path):
                self.tell(f"  {': '.join(getattr(part, self.lang) for part in wrong)}")
            else:
                self.files[name] = path
                return name


def new(kind: str, interview: Interview) -> list[Path]:
    """Ask for a record of the kind, write its files, and return their paths; existing files are not touched."""
    type_ = FOLDERS[KINDS[kind]]
    while list(interview.folder.glob(f"{(id_ := interview.one(interview.say('id'), Slug))}.*md")):
        interview.tell(interview.say("taken", name=id_))
    fields = interview.record(type_)
    texts = {f"{id_}{'' if lang == 'zh' else f'.{lang}'}.md": lang for lang in LANGUAGES}
    body = interview.both(interview.say("body"))
    written = {
        name: _sheet({"template": template_of(type_), **fields[lang]}, body[lang]) for name, lang in texts.items()
    }
    if kind == "video":
        film = films.probe(interview.files[fields["zh"]["clip"]])
        caption = interview.both(interview.say("caption"))
        for lang in LANGUAGES:
            written[f"{id_}-{lang}.vtt"] = _captions(film.end, caption[lang])
    made = []
    for name, path in interview.files.items():
        if not (interview.folder / name).exists():
            shutil.copyfile(path, interview.folder / name)
            made.append(interview.folder / name)
    for name, text in written.items():
        (interview.folder / name).write_text(text, encoding="utf-8")
        made.append(interview.folder / name)
    return made


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
