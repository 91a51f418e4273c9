"""Forms: what the types of the catalogue ask of a file, and what the files of both languages make together.

Everything follows from the types, so a new field of `Product` is read and checked without a line here. Lists are
matched between the languages by the first field of their entries (packs: by `sku`), lists of bare texts by position.
What is asked of the types is cached: there are few, and looking into them takes longer than checking a file.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, wraps
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args, get_origin

import msgspec
import yaml
from chalicelib.catalog import Fen, PartOfPrice, Picture, Postage, Text
from msgspec.structs import FieldInfo

from storefront.read.addresses import address_of
from storefront.read.faults import Report, Said, Words, fault, listed, phrase, quoted, remedy, said
from storefront.read.frontmatter import (
    UNPRINTABLE,
    Fields,
    Items,
    Node,
    Scalar,
    child,
    entries,
    number_of,
    plain,
    text_of,
)

T = TypeVar("T")

LONGEST = 40  # signs of what is written that a fault repeats
DERIVED = {"id", "seconds", "hours"}
"""Fields that nobody writes: a record's id is its file's name, a film says how long it is, a programme the hours."""
MONEY = (Fen, Postage, PartOfPrice)
YUAN = re.compile(
    r"(?P<sign>¥|rmb|cny)?\s*(?P<yuan>\d{1,3}(?:,\d{3})+|\d{1,6})(?:[.。](?P<part>[1-9]|\d\d))?"
    r"\s*(?P<unit>元整?|块钱?|圆|yuan|rmb|cny)?(?P<jiao>[1-9][角毛]?)?",
    re.IGNORECASE,
)
"""An amount in yuan: with its sign, its unit, or jiao and fen after a point."""
REMEDIES: dict[object, str] = {str: "words", bool: "true or false", int: "a whole number"}
"""For types that have no description of their own."""

Name = str | tuple["Name", int]
"""What a value is called: by its field, or as the entry of a list, from 1."""


class FileLanguage(Enum):
    """The language of a file, and so what it writes."""

    CHINESE = auto()  # all facts, and every Text in Chinese
    ENGLISH = auto()  # every Text in English, and what says which entry of a list is meant
    BOTH = auto()  # all facts, and every Text as {zh: …, en: …}


@dataclass(frozen=True)
class Form:
    """Holds one file to the types; `report` takes its faults."""

    language: FileLanguage
    report: Report

    def check(self, name: Name, type_: Any, node: Node, chinese: Node | None = None) -> None:
        """Report every fault of `node` as a `type_`; `chinese` is what the Chinese file says in its place."""
        if is_text(type_) and self.language is not FileLanguage.BOTH:
            self._value(name, self._written(type_), node)
        elif is_record(type_):
            self._record(name, type_, node, chinese)
        elif item_of(type_):
            self._list(name, type_, node, chinese)
        else:
            self._value(name, type_, node)

    def _record(self, name: Name, type_: Any, node: Node, chinese: Node | None, key: str | None = None) -> None:
        known = fields_of(type_)
        if not isinstance(node, Fields):
            needed = listed([each for each in known if known[each].required] or [*known])
            self.report(node.line, *fault("no_mapping", name=named(name), fields=needed))
            return
        wanted = {field.name: field for field in known.values() if self._is_written(field, key)}
        for field, value in node.fields.items():
            if field in wanted:
                if isinstance(chinese, Fields) and not (wanted[field].required or child(chinese, field)):
                    self.report(node.lines[field], *fault("no_chinese", field=field))
                self.check(field, wanted[field].type, value, child(chinese, field))
            elif field in DERIVED:
                self.report(node.lines[field], *fault(f"derived_{field}"))
            elif field in known:
                self.report(node.lines[field], *fault("fact", field=field))
            else:
                unknown = fault(
                    "no_field", words=shown(field), name=named(name), remedy=instead_of(meant_by(field), wanted)
                )
                self.report(node.lines[field], *unknown)
        for field in wanted.keys() - node.fields.keys():
            if wanted[field].required or child(chinese, field):
                needed = remedy_of(self._written(wanted[field].type))
                self.report(node.line, *fault("missing", field=field, remedy=needed))

    def _written(self, type_: Any) -> Any:
        """Return the type of what this file writes for one: of a text, that of its own language."""
        if not is_text(type_) or self.language is FileLanguage.BOTH:
            return type_
        return fields_of(type_)["zh" if self.language is FileLanguage.CHINESE else "en"].type

    def _is_written(self, field: FieldInfo, key: str | None) -> bool:
        return self.language is not FileLanguage.ENGLISH or speaks(field.type) or field.name == key

    def _list(self, name: Name, type_: Any, node: Node, chinese: Node | None) -> None:
        if not isinstance(node, Items):
            self.report(node.line, *fault("no_list", name=named(name)))
            return
        length: Any = Annotated[list[Any], "its length", *metas(type_)]
        if self.language is not FileLanguage.ENGLISH and not fits([None] * len(node.entries), length):
            many = fault("entries", name=named(name), number=len(node.entries), remedy=remedy_of(type_))
            self.report(node.line, *many)
        item, key = item_of(type_), key_of(item_of(type_))
        for index, entry in enumerate(node.entries):
            partner = partner_of(entry, index, chinese, key)
            if key:
                self._record((name, index + 1), item, entry, partner, key)
            else:
                self.check((name, index + 1), item, entry, partner)
        if isinstance(chinese, Items) and all(_has_key(each, item, key) for each in (*node.entries, *chinese.entries)):
            self._match(name, node, chinese, key)

    def _match(self, name: Name, node: Items, chinese: Items, key: str | None) -> None:
        """Report entries of either list without a partner in the other; one that lacks its key is reported already."""

        def told(mark: str | None, index: int) -> Words:
            return mark if key and mark else phrase("entry_alone", number=index + 1)

        for index, entry in enumerate(node.entries):
            mark, line = mark_of(entry, index, key), (child(entry, key or "") or entry).line
            partner = partner_of(entry, index, chinese, key)
            if mark and partner is None:
                marks = [found for at, other in enumerate(chinese.entries) if (found := mark_of(other, at, key))]
                instead = instead_of(mark, marks if key else ())
                self.report(line, *fault("unpaired", name=named(name), mark=told(mark, index), remedy=instead))
            elif partner and partner_of(partner, index, node, key) is not entry:
                self.report(line, *fault("paired_twice", mark=told(mark, index)))
        for index, entry in enumerate(chinese.entries):
            mark = mark_of(entry, index, key)
            if mark and partner_of(entry, index, node, key) is None:
                self.report(node.line, *fault("unmatched", name=named(name), mark=told(mark, index)))

    def _value(self, name: Name, type_: Any, node: Node) -> None:
        if fits(plain(node), type_):
            return
        called, words, needed = named(name), shown(node), remedy_of(type_)
        told = fault("value", name=called, words=words, remedy=needed)
        if isinstance(node, Scalar) and node.value in (None, ""):
            told = fault("blank", name=called, remedy=needed)
        elif isinstance(node, Scalar) and UNPRINTABLE.search(node.written):
            told = fault("unshowable", name=called, words=words)
        elif isinstance(node, Scalar) and node.kind != "text" and fits(node.written, type_):
            told = fault("read_as", name=called, words=words, kind=phrase(node.kind), written=words.en)
        elif isinstance(node, Scalar) and (fen := fen_of(node.written, type_)) is not None:
            told = fault("yuan", name=called, words=words, fen=fen)
        self.report(node.line, *told)


def _has_key(entry: Node, item: Any, key: str | None) -> bool:
    """Return whether an entry's key is one, or missing: what is told of a wrong one need not be told of its pair."""
    return not key or (node := child(entry, key)) is None or fits(plain(node), fields_of(item)[key].type)


def find(wanted: type, type_: Any, node: Node | None) -> Iterator[Node]:
    """Yield every node in `node`, read as a `type_`, that is a `wanted`, such as all packs of a product."""
    if node is None or not holds(type_, wanted):
        return
    if bare(type_) is wanted:
        yield node
    elif is_record(type_):
        for field in fields_of(type_).values():
            yield from find(wanted, field.type, child(node, field.name))
    else:
        for entry in entries(node):
            yield from find(wanted, item_of(type_), entry)


def join(type_: Any, chinese: Node, english: Node | None, folder: str) -> Any:
    """Return faultless files joined, as msgspec takes them; `folder` is where pictures lie, such as /products."""
    if english and is_text(type_):
        return {"zh": plain(chinese), "en": plain(english)}
    if is_record(type_) and isinstance(chinese, Fields):
        record = {
            name: join(fields_of(type_)[name].type, value, child(english, name), folder)
            for name, value in chinese.fields.items()
        }
        return record | {"src": address_of(f"{folder}/{record['src']}")} if bare(type_) is Picture else record
    if isinstance(chinese, Items) and speaks(type_):
        item = item_of(type_)
        return [
            join(item, entry, partner_of(entry, index, english, key_of(item)), folder)
            for index, entry in enumerate(chinese.entries)
        ]
    return plain(chinese)


def fits(value: object, type_: Any) -> bool:
    """Return whether msgspec takes the value for the type."""
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError:
        return False
    return True


class FieldLabels(dict[str, dict[str, str]]):
    """What each field is called where somebody fills it in, by language."""

    def __missing__(self, name: str) -> NoReturn:
        raise KeyError(f"fields.yml has no words for {name}: add them there, in both languages")


@cache
def labels() -> FieldLabels:
    """Return what fields.yml says; a field without words raises KeyError."""
    return FieldLabels(yaml.load(Path(__file__).with_name("fields.yml").read_bytes(), yaml.CSafeLoader))


def meant_by(field: str) -> str:
    """Return the field whose Chinese label stands in place of its name, or else what stands there."""
    return _names().get(field, field)


@cache
def _names() -> dict[str, str]:
    """Return the fields by their Chinese labels; the first where two are called alike."""
    return {re.split("[（，]", label["zh"])[0]: name for name, label in reversed(labels().items())}


def named(name: Name) -> Said:
    """Return what a value is called, in words."""
    return said(name) if isinstance(name, str) else phrase("entry", name=named(name[0]), number=name[1])


def instead_of(name: str, known: Iterable[str], remove: bool = True) -> Said:
    """Return a remedy for a name that is not known: the one that was probably meant, or else all there are.

    One that only looks the same is said to; `remove` is whether the name may also go.
    """
    names = list(known)
    alike = [known for known in names if name and looks(known) == looks(name)]
    longer = [known for known in names if name and known.startswith(name)]  # 新疆 is 新疆维吾尔自治区
    meant = [one for one in names if one == name] or longer or difflib.get_close_matches(name[:LONGEST], names, n=1)
    if alike and name not in names:
        forms = [unicodedata.normalize("NFC", one) for one in (alike[0], name)]
        same, other_case = forms[0] == forms[1], forms[0].casefold() == forms[1].casefold()
        return phrase("alike" if same else "alike_case" if other_case else "write", words=alike[0])
    if meant:
        return phrase("write", words=meant[0])
    if not names:
        return phrase("remove")
    return phrase("write_one_of_or_remove" if remove else "write_one_of", words=listed(names))


def looks(name: str) -> str:
    """Return what a name has in common with those that look the same: in another form of Unicode, or in capitals."""
    return unicodedata.normalize("NFKC", name).casefold()


def fen_of(written: str, type_: Any) -> int | None:
    """Return the fen that were meant where an amount stands in yuan; None where none of it says so."""
    found = YUAN.fullmatch(unicodedata.normalize("NFKC", written).strip(" “”\"'"))
    if present(type_) not in MONEY or not found or not any(found.group("sign", "part", "unit")):
        return None
    after = found["part"] or (found["jiao"] or "0")[0]
    fen = int(found["yuan"].replace(",", "")) * 100 + int(after.ljust(2, "0"))
    return fen if fits(fen, type_) else None


def shown(value: str | Node) -> Said:
    """Return what is written, on one line."""
    if isinstance(value, Scalar) and (value.kind != "text" and value.written.isprintable()):
        return Said(f"“{value.written[:LONGEST]}”", value.written[:LONGEST])
    if isinstance(value, str | Scalar):
        text = value if isinstance(value, str) else value.written
        if len(text) <= LONGEST:
            return quoted(text)
        return phrase("long", words=quoted(f"{text[:LONGEST]}…"), number=len(text))
    return phrase("list" if isinstance(value, Items) else "mapping")


def present(type_: Any) -> Any:
    """Return the type without `| None`: an optional field is simply left out."""
    kinds = [kind for kind in get_args(type_) if kind is not NoneType]
    return kinds[0] if NoneType in get_args(type_) and len(kinds) == 1 else type_


def cached(ask: Callable[[Any], T]) -> Callable[[Any], T]:
    """Cache what `ask` says of a type, by its identity: to hash such a type takes longer than most questions."""
    kept: dict[int, tuple[Any, T]] = {}

    @wraps(ask)
    def answer(type_: Any) -> T:
        found = kept.get(id(type_))
        if found is None:
            found = kept[id(type_)] = type_, ask(type_)  # with the type itself, so that its identity stays its own
        return found[1]

    return answer


@cached
def bare(type_: Any) -> Any:
    """Return the type without `| None` and without its Meta."""
    type_ = present(type_)
    return bare(get_args(type_)[0]) if get_origin(type_) is Annotated else type_


def metas(type_: Any) -> tuple[msgspec.Meta, ...]:
    """Return the Metas that narrow the type."""
    return get_args(present(type_))[1:] if get_origin(present(type_)) is Annotated else ()


@cached
def is_record(type_: Any) -> bool:
    """Return whether the type is written as a mapping of fields."""
    return isinstance(bare(type_), type) and issubclass(bare(type_), msgspec.Struct)


@cached
def is_text(type_: Any) -> bool:
    """Return whether the type is a text that each language writes in its own file."""
    return is_record(type_) and issubclass(bare(type_), Text)


@cached
def item_of(type_: Any) -> Any:
    """Return the type of a list's entries; None where the type is no list."""
    return get_args(bare(type_))[0] if get_origin(bare(type_)) in (tuple, list) else None


def choices_of(type_: Any) -> tuple[str, ...]:
    """Return the words of which the type takes one; none where it takes others, too."""
    return get_args(bare(type_)) if get_origin(bare(type_)) is Literal else ()


@cached
def fields_of(record: Any) -> dict[str, FieldInfo]:
    """Return the fields that a file writes of a record, by name."""
    return {field.name: field for field in msgspec.structs.fields(bare(record)) if field.name not in DERIVED}


@cache
def holds(type_: Any, wanted: type) -> bool:
    """Return whether the type is a `wanted`, or has one in it."""
    if is_record(type_):
        return issubclass(bare(type_), wanted) or any(holds(field.type, wanted) for field in fields_of(type_).values())
    return item_of(type_) is not None and holds(item_of(type_), wanted)


def speaks(type_: Any) -> bool:
    """Return whether the type has a Text in it."""
    return holds(type_, Text)


@cached
def key_of(item: Any) -> str | None:
    """Return the field that tells the entries of a list apart in both languages; None where they go by position."""
    first = next(iter(fields_of(item).values())) if is_record(item) and not is_text(item) else None
    return first.name if first and not speaks(first.type) else None


def mark_of(entry: Node, index: int, key: str | None) -> str | None:
    """Return what tells an entry of a list from the others; None where its key is missing."""
    if key is None:
        return f"entry {index + 1}"
    node = child(entry, key)
    number = number_of(node)
    return text_of(node) if number is None else str(number)


def partner_of(entry: Node, index: int, others: Node | None, key: str | None) -> Node | None:
    """Return the entry of the other language's list that says the same thing."""
    marks = {mark_of(other, at, key): other for at, other in reversed([*enumerate(entries(others))])}
    return marks.get(mark_of(entry, index, key) or "")


@cached
def remedy_of(type_: Any) -> Said:
    """Return what to write, as the type's description has it."""
    if is_text(type_):
        return remedy_of(fields_of(type_)["zh"].type)
    described = next((meta.description for meta in metas(type_) if meta.description), None)
    other = "a list" if item_of(type_) else "its own fields below it" if is_record(type_) else str(bare(type_))
    return remedy(described or REMEDIES.get(bare(type_), other))
