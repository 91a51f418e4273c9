"""Front matter: YAML as values that know their lines, so that a fault can point at what is to be mended.

Only the plain part of YAML is read. What would silently become something else than what stands there (anchors, tags,
repeated keys) is refused, and a scalar such as 0755, which means 493 to YAML, has no value that a type would take.
"""

import re
from bisect import bisect
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import yaml

from storefront.read.faults import Report, fault, quoted

UNREADABLE = object()
"""The value of a scalar that has no plain one."""

DEEPEST = 10  # levels: content needs four, and PyYAML recurses once a level
FRONT_MATTER = re.compile(
    r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$(.*)", re.DOTALL | re.MULTILINE
)  # split as MkDocs does
TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}")
PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")
DISPUTED = re.compile(r"[\t?\ufeff&*!]| #")  # signs that libyaml takes where PyYAML, or the slow reading, refuses them
TAB = r"found character '\t'"
BEGUN = re.compile(r"simple key: could not|scanning a quoted scalar|flow (?:sequence|mapping): expected")
"""What PyYAML says of what goes wrong in the line where it begins, and is seen in a later one."""
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Signs that no page and no feed can show, and those that turn the order of the words around them."""
KINDS = {"str": "text", "int": "number", "float": "number", "bool": "truth", "timestamp": "date"}
"""What YAML takes a scalar for, by the names that phrases.yml has for them; else it is a sign."""


@dataclass(frozen=True)
class Scalar:
    """A single value, as it is written, as the `kind` that YAML takes it for, and as what it means."""

    line: int
    written: str
    kind: str
    value: Hashable


@dataclass(frozen=True)
class Items:
    """A list."""

    line: int
    entries: tuple["Node", ...]


@dataclass(frozen=True)
class Fields:
    """A mapping; `lines` says where each key stands."""

    line: int
    fields: Mapping[str, "Node"]
    lines: Mapping[str, int]


Node = Scalar | Items | Fields


class MarkdownParts(NamedTuple):
    """A Markdown file in two parts; `front` holds its first line too, so that lines counted in it are the file's."""

    front: str
    body: str


def split(text: str) -> MarkdownParts | None:
    """Return the parts of a Markdown file; None where no front matter begins it, or nothing ends that."""
    found = FRONT_MATTER.match(text)
    return MarkdownParts(text[: found.end(1)], found[2]) if found else None


def parse(text: str, report: Report) -> Node | None:
    """Return what the YAML says; None where it says nothing or cannot be read, which is reported."""
    return _Parser(text, report).root()


def child(node: Node | None, name: str) -> Node | None:
    """Return the value of a mapping's key; None where there is none, or no mapping."""
    return node.fields.get(name) if isinstance(node, Fields) else None


def entries(node: Node | None) -> tuple[Node, ...]:
    """Return the entries of a list; none where there is no list."""
    return node.entries if isinstance(node, Items) else ()


def text_of(node: Node | None) -> str | None:
    """Return the words of a text; None where they are missing or blank, or something else stands there."""
    return node.value or None if isinstance(node, Scalar) and isinstance(node.value, str) else None


def number_of(node: Node | None) -> int | None:
    """Return the whole number that stands there; None where it is missing, or something else."""
    return node.value if isinstance(node, Scalar) and type(node.value) is int else None


def day_of(node: Node | None) -> date | None:
    """Return the day that stands there; None where it is missing, or something else, such as a day and an hour."""
    return node.value if isinstance(node, Scalar) and type(node.value) is date else None


def plain(node: Node) -> object:
    """Return the value without its lines, as msgspec takes it."""
    match node:
        case Fields():
            return {name: plain(value) for name, value in node.fields.items()}
        case Items():
            return [plain(entry) for entry in node.entries]
    return node.value


class _StrictLoader(yaml.SafeLoader):
    """PyYAML's own parser, which says best what is wrong and where.

    It refuses what hides text from its reader: `name: &best rice` and `name: !rice` would both lose a word.
    """

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if event.anchor or getattr(event, "tag", None):
            raise _Refused("anchors", event.start_mark)
        if self.depth == DEEPEST:
            raise _Refused("deep", event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Refused(Exception):
    """What hides text from its reader, by the name of its fault."""

    def __init__(self, name: str, mark: Any) -> None:
        self.name, self.mark = name, mark
        super().__init__(name)


class _TooDeep(Exception):
    """libyaml has read more levels than are allowed."""


@dataclass(frozen=True)
class _Parser:
    text: str
    report: Report

    def root(self) -> Node | None:
        """Read by libyaml, twenty times as fast, where nothing is in doubt; the slow parser reads what it refuses."""
        if DISPUTED.search(self.text):
            return self.slow()
        try:
            loader = yaml.CSafeLoader(self.text)
            root = loader.get_single_node()
        except (yaml.YAMLError, ValueError, OverflowError):
            return self.slow()
        try:
            return self.node(root, loader) if root else None
        except _TooDeep:
            return self.slow()

    def slow(self) -> Node | None:
        """Read by the slow parser; report why there is no root."""
        try:
            loader = _StrictLoader(self.text)
        except yaml.reader.ReaderError as error:
            line = self.line(error.position)
            self.report(line, *fault("character", words=f"U+{error.character:04X}"))
            return None
        try:
            root = loader.get_single_node()
            for line in self.comments(root) if root else ():
                self.report(line, *fault("comment", fixed=f'"{self.text.split(chr(10))[line - 1].strip()}"'))
            return self.node(root, loader) if root else None
        except _Refused as error:
            self.report(self.line(error.mark.index), *fault(error.name, number=DEEPEST))
        except yaml.MarkedYAMLError as error:
            self.refuse(error, error.problem_mark or error.context_mark or loader.get_mark())
        except (ValueError, OverflowError):  # PyYAML hands "\UFFFFFFFF" to chr(), and the digits of %YAML to int()
            self.report(self.line(loader.get_mark().index), *fault("no_character"))
        return None

    def line(self, index: int) -> int:
        """Return the line of a place in the text, as editors count: YAML's own count takes more signs for line ends."""
        return bisect(self.ends, index - 1) + 1

    @cached_property
    def ends(self) -> list[int]:
        """Return where the lines end, but for blank ones at the text's own end."""
        return [found.start() for found in re.finditer("\n", self.text.rstrip("\n"))]

    def refuse(self, error: yaml.MarkedYAMLError, mark: Any) -> None:
        """Report what the parser says, by the line where what is never closed, or is no field, begins."""
        began = error.context_mark if BEGUN.search(f"{error.context}: {error.problem}") else None
        since = f" {error.context} from line {self.line(error.context_mark.index)}" if error.context_mark else ""
        tab = str(error.problem).startswith(TAB)
        told = fault("tab") if tab else fault("yaml", problem=f"{error.problem}{since}")
        self.report(self.line((began or mark).index), *told)

    def comments(self, root: yaml.Node) -> Iterator[int]:
        """Yield each line that a comment cuts off: after a value, or below one, deeper than its field."""
        lines = self.text.split("\n")
        spans = [(self.line(one.start_mark.index), one.end_mark) for one in _singles(root)]
        ends: dict[int, int] = {}
        for _, mark in spans:
            line = self.line(mark.index)
            ends[line] = max(ends.get(line, 0), mark.column)
        texts = {line for first, mark in spans for line in range(first, self.line(mark.index) + 1)}
        for number, written in enumerate(lines, 1):
            above = lines[number - 2] if number > 1 else ""
            below = number not in texts and number - 1 in texts and not above.endswith((":", "]", "}"))
            deeper = len(written) - len(written.lstrip()) > len(above) - len(above.lstrip(" -"))
            cut = number in ends and re.search(r"(?:^|\s)#", written[ends[number] :])
            if cut or (below and deeper and written.lstrip().startswith("#")):
                yield number

    def node(self, node: yaml.Node, loader: yaml.constructor.SafeConstructor, level: int = 1) -> Node:
        if level > DEEPEST:
            raise _TooDeep
        line = self.line(node.start_mark.index)
        if isinstance(node, yaml.MappingNode):
            return self.fields(node, loader, level)
        if isinstance(node, yaml.SequenceNode):
            return Items(line, tuple(self.node(entry, loader, level + 1) for entry in node.value))
        hour = TIME.fullmatch(node.value)  # a number of seconds in YAML 1.1, and in no writer's or editor's mind
        kind = "str" if hour else node.tag.rpartition(":")[2]
        return Scalar(line, node.value, KINDS.get(kind, "sign"), _meaning(node, kind, loader))

    def fields(self, node: yaml.MappingNode, loader: yaml.constructor.SafeConstructor, level: int) -> Fields:
        fields: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = self.line(key.start_mark.index)
            if not isinstance(key, yaml.ScalarNode):
                self.report(line, *fault("key"))
            elif key.value in fields:
                self.report(line, *fault("repeated", words=quoted(key.value), line=lines[key.value]))
            else:
                fields[key.value], lines[key.value] = self.node(value, loader, level + 1), line
        return Fields(self.line(node.start_mark.index), fields, lines)


def _singles(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield what ends in a line of its own: each value and name but blocks of text, and what stands in brackets."""
    if isinstance(node, yaml.ScalarNode):
        if node.style not in ("|", ">"):
            yield node
        return
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        yield node
    for part in node.value:
        for one in part if isinstance(part, tuple) else (part,):
            yield from _singles(one)


def _meaning(node: yaml.Node, kind: str, loader: yaml.constructor.SafeConstructor) -> Hashable:
    """Return the scalar's value, UNREADABLE where people and YAML would read different ones."""
    number = kind in ("int", "float")
    if UNPRINTABLE.search(node.value) or (number and not PLAIN_NUMBER.fullmatch(node.value)):
        return UNREADABLE
    if kind == "str":
        return _trimmed(node.value)
    try:
        value: Hashable = loader.construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError):  # the 30th of February; a lone =
        return UNREADABLE
    return _trimmed(value) if isinstance(value, str) else value


def _trimmed(text: str) -> str:
    """Return the text without the space around it; empty where nothing in it can be seen."""
    return text.strip() if any(sign.isprintable() and not sign.isspace() for sign in text) else ""
