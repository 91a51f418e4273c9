"""Drawings draw, and do nothing else: an SVG is published as it is, so what it holds is held to lists of what may.

Nothing in it runs, calls another host, or tells what a drawing program wrote beside the picture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

SPACES = {"", "http://www.w3.org/2000/svg"}
XLINK, XML = "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
ELEMENTS = re.compile(
    r"svg|g|defs|symbol|use|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|title|desc|switch"
    r"|linearGradient|radialGradient|stop|clipPath|mask|pattern|marker|style|filter"
    r"|fe(?:Blend|ColorMatrix|ComponentTransfer|Composite|ConvolveMatrix|DiffuseLighting|DisplacementMap|DistantLight"
    r"|DropShadow|Flood|Func[ABGR]|GaussianBlur|Merge|MergeNode|Morphology|Offset|PointLight|SpecularLighting"
    r"|SpotLight|Tile|Turbulence)"
)
"""No script, no link, no HTML within, no picture from elsewhere, and nothing that changes an attribute later."""
ATTRIBUTE = re.compile(r"(?!on)[a-zA-Z][\w-]*", re.ASCII)
"""Handlers begin with `on`, and so does nothing else."""
FUNCTIONS = re.compile(
    r"rgba?|hsla?|url|translate[xy]?|rotate|scale[xy]?|matrix|skew[xy]|calc|blur|drop-shadow|brightness|opacity"
)
"""What a value may call; `url` leads to a part of the same drawing."""
CALL = re.compile(r"([\w-]+)\s*\(\s*(['\"]?\s*#)?")
ADDRESSES = {"href", "src", "base"}
"""Attributes that lead somewhere: to a part of the same drawing, or they may not stand there."""
PRIVATE = re.compile(r"/(?:home|Users|Volumes|var|mnt|private)/|[A-Za-z]:\\|file:", re.ASCII)
"""A path of somebody's machine."""


@dataclass(frozen=True)
class Unfit:
    """What a drawing may not hold: its line, from 1, the name of the fault in faults.yml, and the words for it."""

    line: int
    name: str
    words: str


def check(data: bytes) -> Iterator[Unfit]:
    """Yield all that the drawing may not hold, and why it cannot be read where it cannot."""
    found: list[Unfit] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    opened: list[str] = []

    def unfit(words: str) -> None:
        found.append(Unfit(parser.CurrentLineNumber, "drawing", words))

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        opened.append(tag)
        if space not in SPACES or not ELEMENTS.fullmatch(tag) or (len(opened) == 1 and tag != "svg"):
            unfit(f"<{tag}>")
        for full, value in attributes.items():
            if bad := _attribute(full, value):
                unfit(bad)

    def end(_: str) -> None:
        opened.pop()

    def words(text: str) -> None:
        if opened[-1:] == ["style"] and (bad := _style(text)):
            unfit(bad)
        elif PRIVATE.search(text):
            unfit(PRIVATE.findall(text)[0])

    def comment(text: str) -> None:
        if "<" in text or PRIVATE.search(text):
            unfit("<!--")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.buffer_text = True
    parser.CommentHandler = comment
    parser.ProcessingInstructionHandler = lambda target, _: unfit(f"<?{target}?>")
    parser.StartDoctypeDeclHandler = lambda *_: unfit("<!DOCTYPE>")
    parser.EntityDeclHandler = lambda *_: unfit("<!ENTITY>")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        found.append(Unfit(error.lineno, "drawing_unread", expat.ErrorString(error.code)))
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        found.append(Unfit(1, "drawing_unread", str(error)))
    yield from dict.fromkeys(found)


def _attribute(full: str, value: str) -> str:
    """Return what is wrong with an attribute; empty where nothing is."""
    space, _, name = full.rpartition(" ")
    lower = name.lower()
    known = (not space and ATTRIBUTE.fullmatch(lower)) or (space, lower) in {(XLINK, "href"), (XML, "space")}
    if not known:
        return f"{name}="
    if lower in ADDRESSES and not (lower == "href" and value.strip().startswith("#")):
        return f"{name}={value[:40]}"
    if lower not in {"id", "class", "d", "points"} and (bad := _style(value)):
        return bad
    return f"{name}=" if PRIVATE.search(value) else ""


def _style(text: str) -> str:
    """Return what is wrong with a style or a value; empty where nothing is."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for name, inner in CALL.findall(bare):
        if not FUNCTIONS.fullmatch(name.lower()) or (name.lower() == "url" and not inner):
            return f"{name}()"
    if "@" in bare or "\\" in bare:
        return "@" if "@" in bare else "\\"
    scheme = re.search(r"(?:javascript|vbscript|data|https?|file|blob):|//", bare, re.IGNORECASE)
    return scheme[0] if scheme else ""
