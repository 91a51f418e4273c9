"""Drawings draw, and do nothing else: an SVG is read against lists of what may stand in it, and written anew.

Two kinds of things are not on the lists. What would run, or call another host, is a fault: somebody must look at it.
What draws nothing (comments, metadata, names of layers, a drawing program's own data) is left out of what is published,
and nobody need know: `Drawing.clean` has what was on the lists alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
SPACES = {"", SVG}
ACTIVE = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2001/xml-events"}
"""Namespaces in which a browser runs what stands there; of other ones it draws nothing."""
ADOBE = "http://ns.adobe.com/"
SILENT = {"metadata", "title", "desc"}
"""Elements that say something and draw nothing."""
ELEMENTS = re.compile(
    r"svg|g|defs|symbol|use|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|switch"
    r"|linearGradient|radialGradient|stop|clipPath|mask|pattern|marker|style|filter"
    r"|fe(?:Blend|ColorMatrix|ComponentTransfer|Composite|ConvolveMatrix|DiffuseLighting|DisplacementMap|DistantLight"
    r"|DropShadow|Flood|Func[ABGR]|GaussianBlur|Merge|MergeNode|Morphology|Offset|PointLight|SpecularLighting"
    r"|SpotLight|Tile|Turbulence)"
)
"""No script, no link, no HTML within, no picture from elsewhere, and nothing that changes an attribute later."""
WORDY = {"text", "tspan", "textPath", "style"}
"""Elements whose words are drawn, or say how to draw."""
ATTRIBUTE = re.compile(r"(?!on)[a-zA-Z][\w-]*", re.ASCII)
"""Handlers begin with `on`, and so does nothing else."""
FUNCTIONS = re.compile(
    r"rgba?|hsla?|url|translate[xy]?|rotate|scale[xy]?|matrix|skew[xy]|calc|blur|drop-shadow|brightness|opacity|var"
    r"|color|icc-color"
)
"""What a value may call; `url` leads to a part of the same drawing."""
CALL = re.compile(r"([\w-]+)\s*\(\s*(['\"]?\s*#)?")
OWN = re.compile(r"/\*.*?\*/|-inkscape-[\w-]+\s*:[^;}]*;?", re.DOTALL)
"""What of a style is a drawing program's own: comments, and properties that no browser knows."""
ADDRESSES = {"href", "src", "base"}
"""Attributes that lead somewhere: to a part of the same drawing, or they may not stand there."""
PRIVATE = re.compile(r"/(?:home|Users|Volumes|var|mnt|private)/|[A-Za-z]:\\|file:", re.ASCII)
"""A path of somebody's machine."""
REFERENCE = re.compile(r"#([^'\")\s]+)")
PLAIN_ENTITY = re.compile(r"[^&%<]{0,200}")
"""What an entity may stand for: Illustrator has the names of its namespaces so."""
DEEPEST, MOST_PARTS = 100, 50_000
"""Levels, and parts once each reference is followed: what draws it would fall over, or draw for hours."""
LARGEST = 1_000_000
"""Bytes. A page shows a drawing as it is, whatever the network."""
FAR = re.compile(r"(?<![\d.])0*[1-9]\d{5,}|\d\.?e\+?0*(?:[5-9]|[1-9]\d)", re.IGNORECASE | re.ASCII)
"""Numbers of 100,000 and more: no screen is so large, and resvg ends the whole process on some that are far larger."""
HEAVY = re.compile(r"(?<![\w.#])0*[1-9]\d{4,}", re.ASCII)
"""Numbers of 10,000 and more, in filters: they would be computed for minutes. So would ten octaves of noise."""
NAMES = re.compile(r"#[\w.:-]+")
"""Colours, and names of other parts: their digits are no places."""
UNCOUNTED = {"id", "class", "font-family"}
UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0}
LENGTH = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d{1,2})?)\s*(px|pt|pc|mm|cm|in|em)?\s*", re.IGNORECASE | re.ASCII)
SIZE = (800.0, 600.0)
"""Pixels, where a drawing does not say how large it is: as much as a page gives it."""


class Unfit(NamedTuple):
    """What a drawing may not hold: its line, from 1, the name of the fault in faults.yml, and the words for it."""

    line: int
    name: str
    words: str


@dataclass
class DrawnPart:
    """An element of a drawing, with its attributes as they are written, and the parts and words in it."""

    tag: str
    attributes: dict[str, str]
    inner: list["DrawnPart | str"] = field(default_factory=list)

    def parts(self) -> Iterator["DrawnPart"]:
        """Yield the elements in it, one level deep."""
        return (one for one in self.inner if isinstance(one, DrawnPart))

    def leads_to(self) -> Iterator[str]:
        """Yield the ids that its attributes name."""
        for name, value in self.attributes.items():
            if "#" in value and (name.endswith("href") or "url" in value):
                yield from REFERENCE.findall(value)


@dataclass(frozen=True)
class Drawing:
    """A drawing that was read: what it may not hold, its size in pixels, and how it is published."""

    unfit: tuple[Unfit, ...]
    width: float = SIZE[0]
    height: float = SIZE[1]
    clean: bytes = b""


@dataclass
class _Reader:
    """Takes what expat reads of a drawing, and keeps what may stand there."""

    parser: expat.XMLParserType
    unfit: list[Unfit] = field(default_factory=list)
    root: DrawnPart | None = None
    opened: list[DrawnPart] = field(default_factory=list)
    skipped: int = 0
    """Levels below an element that is left out; 0 where none is."""

    def fault(self, words: str, name: str = "drawing") -> None:
        self.unfit.append(Unfit(self.parser.CurrentLineNumber, name, words))

    def start(self, full: str, attributes: dict[str, str]) -> None:
        space, _, tag = full.rpartition(" ")
        foreign = space not in SPACES or (tag == "foreignObject" and _is_adobes(attributes))
        if space in ACTIVE or tag == "script" or (not self.opened and (tag != "svg" or foreign)):
            self.fault(f"<{tag}>")
        if self.skipped or foreign or tag in SILENT:
            self.skipped += 1
            return
        if not ELEMENTS.fullmatch(tag):
            self.fault(f"<{tag}>")
        if len(self.opened) == DEEPEST:
            self.fault(str(DEEPEST), "drawing_deep")
        part = DrawnPart(tag, self.kept(attributes))
        if tag.startswith(("filter", "fe")):
            for name, value in part.attributes.items():
                if HEAVY.search(value) or (name == "numOctaves" and len(value.strip()) > 1):
                    self.fault(f"{name}={value[:20]}", "drawing_far")
        if self.opened:
            self.opened[-1].inner.append(part)
        self.root = self.root or part
        self.opened.append(part)

    def kept(self, attributes: dict[str, str]) -> dict[str, str]:
        """Return the attributes that say how to draw; report those that do something else."""
        found = {}
        for full, value in attributes.items():
            space, _, name = full.rpartition(" ")
            lower = name.lower()
            if space in ACTIVE or (not space and not ATTRIBUTE.fullmatch(lower)):
                self.fault(f"{name}=")
            elif lower in ADDRESSES and not (lower == "href" and value.strip().startswith("#")):
                self.fault(f"{name}={value[:40]}")
            elif (not space and not lower.startswith("data-")) or (space, lower) in {(XLINK, "href"), (XML, "space")}:
                value = OWN.sub("", value) if lower == "style" else value
                if lower not in {"id", "class", "d", "points"} and (bad := _style(value)):
                    self.fault(bad)
                elif PRIVATE.search(value):
                    self.fault(f"{name}=")
                elif lower not in UNCOUNTED and (far := FAR.search(NAMES.sub("", value))):
                    self.fault(f"{name}={far[0][:20]}", "drawing_far")
                found[{XLINK: f"xlink:{name}", XML: f"xml:{name}"}.get(space, name)] = value
        return found

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif self.opened:
            self.opened.pop()

    def words(self, text: str) -> None:
        if self.skipped or not self.opened or self.opened[-1].tag not in WORDY:
            return
        if self.opened[-1].tag == "style":
            text = OWN.sub("", text)
            if bad := _style(text):
                self.fault(bad)
        elif PRIVATE.search(text):
            self.fault(PRIVATE.findall(text)[0])
        self.opened[-1].inner.append(text)

    def instruction(self, target: str, _: str) -> None:
        if target.startswith("xml-"):
            self.fault(f"<?{target}?>")

    def entity(self, name: str, parameter: bool, value: str | None, *elsewhere: str | None) -> None:
        if parameter or value is None or any(elsewhere) or not PLAIN_ENTITY.fullmatch(value):
            self.fault(f"<!ENTITY {name}>")

    def missing(self, name: str, _: bool) -> None:
        self.fault(f"&{name};", "drawing_unread")


@lru_cache(maxsize=128)
def read(data: bytes) -> Drawing:
    """Read a drawing whole, with all that it may not hold and why it cannot be read where it cannot.

    One that has been read since is not read again: a preview checks all of them after each save.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(parser)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.ProcessingInstructionHandler = reader.words, reader.instruction
    parser.EntityDeclHandler, parser.SkippedEntityHandler = reader.entity, reader.missing
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reader.unfit.append(Unfit(error.lineno, "drawing_unread", expat.ErrorString(error.code)))
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        reader.unfit.append(Unfit(1, "drawing_unread", str(error)))
    if reader.unfit or reader.root is None:
        return Drawing(tuple(dict.fromkeys(reader.unfit)))
    if _parts(reader.root) > MOST_PARTS:
        return Drawing((Unfit(1, "drawing_parts", str(MOST_PARTS)),))
    width, height = _sized(reader.root)
    return Drawing((), width, height, "".join(_written(reader.root)).encode())


def _is_adobes(attributes: dict[str, str]) -> bool:
    """Return whether an element is what Illustrator keeps for itself beside what is drawn."""
    return attributes.get("requiredExtensions", "").startswith(ADOBE)


def _style(text: str) -> str:
    """Return what is wrong with a style or a value; empty where nothing is."""
    bare = OWN.sub("", text)
    for name, inner in CALL.findall(bare):
        if not FUNCTIONS.fullmatch(name.lower()) or (name.lower() == "url" and not inner):
            return f"{name}()"
    if "@" in bare or "\\" in bare:
        return "@" if "@" in bare else "\\"
    scheme = re.search(r"(?:javascript|vbscript|data|https?|file|blob):|//", bare, re.IGNORECASE)
    return scheme[0] if scheme else ""


def _parts(root: DrawnPart) -> int:
    """Return how many parts there are to draw once each reference is followed, or more than MOST_PARTS."""
    ids: dict[str, DrawnPart] = {}
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if name := part.attributes.get("id"):
            ids[name] = part
        waiting += part.parts()
    counted: dict[int, int] = {}

    def count(part: DrawnPart, within: frozenset[int], uses: int = 0) -> int:
        if id(part) not in counted:
            if id(part) in within:  # one that leads back to itself draws nothing; two that lead to each other never end
                return MOST_PARTS + 1 if uses > 1 else 0
            if len(within) > DEEPEST:
                return MOST_PARTS + 1
            within |= {id(part)}
            inner = [*part.parts(), *(ids[name] for name in part.leads_to() if name in ids)]
            counted[id(part)] = min(
                1 + sum(count(one, within, uses + (one.tag == "use")) for one in inner), MOST_PARTS + 1
            )
        return counted[id(part)]

    return count(root, frozenset())


def _sized(root: DrawnPart) -> tuple[float, float]:
    """Return a drawing's size in pixels, and write it at its root, so that all who draw it take the same."""
    sides = [_length(root.attributes.get(name, "")) for name in ("width", "height")]
    box = [float(number) for number in re.findall(r"-?\d*\.?\d+(?:e[+-]?\d{1,2})?", root.attributes.get("viewBox", ""))]
    boxed = len(box) == 4 and min(box[2:]) > 0
    if boxed and not all(sides):
        known = next((side / whole for side, whole in zip(sides, box[2:], strict=True) if side), 1.0)
        sides = [known * whole for whole in box[2:]]
    width, height = (side or usual for side, usual in zip(sides, SIZE, strict=True))
    if not boxed:
        root.attributes["viewBox"] = f"0 0 {width:g} {height:g}"
    root.attributes |= {"width": f"{width:g}", "height": f"{height:g}"}
    return width, height


def _length(text: str) -> float:
    """Return a length in pixels; 0 where it is none, or is a share of what the drawing is put into."""
    found = LENGTH.fullmatch(text)
    return float(found[1]) * UNITS[(found[2] or "").lower()] if found else 0.0


def _links(part: DrawnPart) -> bool:
    """Tell whether a part has an attribute of XLink's."""
    inner = (one for one in part.inner if isinstance(one, DrawnPart))
    return any(name.startswith("xlink:") for name in part.attributes) or any(map(_links, inner))


def _written(part: DrawnPart, root: bool = True) -> Iterator[str]:
    """Yield the pieces of a part as XML."""
    spaces = {"xmlns": SVG, **({"xmlns:xlink": XLINK} if _links(part) else {})} if root else {}
    yield f"<{part.tag}"
    for name, value in (spaces | part.attributes).items():
        yield f" {name}={quoteattr(value)}"
    if not part.inner:
        yield "/>"
        return
    yield ">"
    for one in part.inner:
        if isinstance(one, str):
            yield escape(one)
        else:
            yield from _written(one, root=False)
    yield f"</{part.tag}>"
