"""What films are made to look like, as chains of FFmpeg's filters. Pure: text in, text out.

The chains were found by looking at frames. Grain is left to the page, which draws it for nothing: in the file it would
cost five times the bits. What is laid over the picture (dust, scratches, the gate) is drawn in patina.py.
"""

from dataclasses import dataclass
from typing import NamedTuple

from storefront.read.faults import listed

from cunbo.core.refusal import Refusal
from cunbo.film.words import instead, say


@dataclass(frozen=True)
class Rendition:
    """One size of a clip: the end of its name, the lines and pixels of its box, its quality for x264, bits a second."""

    ending: str
    width: int
    height: int
    crf: int
    most: int
    voice: int = 64_000
    """Bits a second of sound: one voice."""


class FrameShape(NamedTuple):
    """The shape that a film is cropped to, and its sizes in pixels: the large one, the small one."""

    across: int
    down: int
    large: tuple[int, int]
    small: tuple[int, int]


SHAPES = {
    "4:3": FrameShape(4, 3, (640, 480), (480, 360)),
    "16:9": FrameShape(16, 9, (854, 480), (640, 360)),
    "9:16": FrameShape(9, 16, (480, 854), (360, 640)),
}
"""What --crop may be."""


@dataclass(frozen=True)
class FilmLook:
    """What a film is made to look like: what --help says of it, its filters, and what is laid over it.

    `chain` has {width} and {height}, and the picture in that shape before it; a `rate` is frames a second, where the
    look has one of its own; `wear` names the marks of patina.py, `gate` its frame; `stamped` looks burn a date in.
    """

    says: str
    chain: str
    rate: int = 0
    wear: str = ""
    gate: str = ""
    shaken: str = ""
    stamped: str = ""
    fixed: tuple[Rendition, ...] = ()

    def renditions(self, shape: FrameShape, lean: bool = False) -> tuple[Rendition, ...]:
        """Return the sizes to be made, the first being the one that a record names.

        A `lean` film's small one takes at most 1.2 MB a minute, its sound included.
        """
        if self.fixed:
            return self.fixed
        small = (96_000, 48_000) if lean else (220_000, 64_000)
        return (
            Rendition(".mp4", *shape.large, 24, 600_000),
            Rendition("-small.mp4", *shape.small, 27, *small),
        )


def weave(reach: float) -> str:
    """Return filters that let the picture sway in its gate by so many pixels of a film 640 wide, half ones included.

    Three waves that never meet again sway it slowly; a fourth, of many frames' pause, lets it jump as at a splice.
    """
    room = int(reach * 4) + 2
    sway = [
        f"{reach}*(sin(n*{a})*0.5+sin(n*{b})*0.35+sin(n*{c})*0.6)+{reach}*gt(sin(n*{d})\\,0.995)"
        for a, b, c, d in ((0.61, 1.93, 0.043, 0.083), (0.73, 2.41, 0.031, 0.127))
    ]
    return (
        f"scale=w={{width}}*2+{room * 2}:h={{height}}*2+{room * 2},format=yuv444p,"
        f"crop=w={{width}}*2:h={{height}}*2:x='{room}+{sway[0]}':y='{room}+{sway[1]}',scale={{width}}:{{height}}"
    )


def flicker(depth: float) -> str:
    """Return the value of a filter that lets the lamp of a projector waver by a share of white."""
    return f"{depth}*(sin(n*2.1)*0.6+sin(n*0.37)*0.5+sin(n*5.3)*0.5)"


PLAIN = FilmLook(
    "the film's own look",
    "scale='trunc(iw*sar/2)*2':ih,setsar=1",
    fixed=(Rendition(".mp4", 1280, 1280, 23, 2_500_000), Rendition("-small.mp4", 640, 640, 26, 600_000)),
)
LOOKS = {
    "television": FilmLook(
        "a television of the 1980s: faded and warm, colours a little beside their shapes, dark corners, an orange date",
        "gblur=sigma=0.7,chromashift=cbh=3:crh=-3,eq=contrast=0.9:brightness=0.05:saturation=0.8,"
        "scale=in_color_matrix=bt709,format=gbrp,"
        "curves=r='0/0.07 0.5/0.56 1/1':g='0/0.05 0.5/0.5 1/0.95':b='0/0.06 0.5/0.43 1/0.82',"
        "vignette=PI/6.5,format=gbrp",
        stamped="orange",
    ),
    "film": FilmLook(
        "a print from the village's projector: faded, swaying in its gate, with dust, hairs, scratches and flicker",
        f"{weave(1.1)},gblur=sigma=0.55,eq=contrast=0.96:saturation=0.78:brightness='{flicker(0.012)}':eval=frame,"
        "scale=in_color_matrix=bt709,format=gbrp,"
        "curves=r='0/0.09 0.25/0.31 0.6/0.68 1/0.98':g='0/0.06 0.25/0.24 0.6/0.6 1/0.93'"
        ":b='0/0.085 0.25/0.235 0.6/0.54 1/0.8'",
        wear="print",
        gate="print",
    ),
    "8mm": FilmLook(
        "a family's 8 mm: 16 frames a second, strong warm colours, a jumping picture, a small dark gate, much dust",
        f"{weave(2.4)},gblur=sigma=1.0,eq=contrast=1.1:saturation=1.05:brightness='{flicker(0.03)}':eval=frame,"
        "scale=in_color_matrix=bt709,format=gbrp,"
        "curves=r='0/0.05 0.3/0.33 0.7/0.79 1/1':g='0/0.03 0.3/0.28 0.7/0.7 1/0.94'"
        ":b='0/0.05 0.3/0.24 0.7/0.57 1/0.79'",
        rate=16,
        wear="home",
        gate="home",
    ),
    "vhs": FilmLook(
        "a tape of the 1990s: smeared colours, lines that tremble and tear at the foot, dropouts, a white date",
        "format=yuv444p,gblur=sigma=1.5:sigmaV=0.2:planes=1,gblur=sigma=6:sigmaV=1.2:planes=6,"
        "chromashift=cbh=4:cbv=1:crh=5:crv=1,unsharp=5:3:0.9:3:3:0,"
        "eq=contrast=0.94:brightness=0.03:saturation=1.15,scale=in_color_matrix=bt709,format=gbrp,"
        "curves=r='0/0.05 1/0.97':g='0/0.045 1/0.95':b='0/0.075 1/1'",
        wear="tape",
        shaken="tape",
        stamped="white",
    ),
    "slides": FilmLook(
        "a slide show from photographs, which are named in place of CLIP: a slow move over each, a clunk between",
        "gblur=sigma=0.45,eq=contrast=1.03:saturation=0.95,scale=in_color_matrix=bt709,format=gbrp,"
        "curves=r='0/0.05 0.5/0.54 1/1':g='0/0.035 0.5/0.5 1/0.96':b='0/0.045 0.5/0.45 1/0.86'",
        wear="",
        gate="slide",
    ),
    "none": FilmLook("no ageing: the film's own colours, in this shape, with title and sound", "null"),
}
"""The looks of the 1980s by their names, as --look takes them."""
SLIDES = LOOKS["slides"]


def look_of(name: str) -> FilmLook:
    """Return a look by its name; raises Refusal."""
    if name not in LOOKS:
        raise Refusal(say("no_look", words=name, instead=instead(name, LOOKS)))
    return LOOKS[name]


def shape_of(name: str) -> FrameShape:
    """Return a shape by its name; raises Refusal."""
    if name not in SHAPES:
        raise Refusal(say("no_shape", words=name, known=listed([*SHAPES])))
    return SHAPES[name]


def framed(shape: FrameShape) -> str:
    """Return filters that cut the shape out of a film's middle, whatever form its pixels have, in the large size."""
    wide, high = shape.large
    ratio = f"{shape.across}/{shape.down}"
    return (
        f"scale='max(2,trunc(iw*sar/2)*2)':ih,setsar=1,crop='min(iw,ih*{ratio})':'min(ih,iw/({ratio}))',"
        f"scale={wide}:{high},setsar=1,format=yuv420p"
    )


def fitted(rendition: Rendition) -> str:
    """Return the filter that brings a picture into a rendition's box, never larger than it is, with even sides."""
    return (
        f"scale='min({rendition.width},iw)':'min({rendition.height},ih)'"
        ":force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
    )
