"""What is in a film as a phone saved it: its seconds, its sound, its rate, and how its colours become ordinary ones."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
from storefront.check.media.films import LONGEST
from storefront.read.media import films

from cunbo.core.refusal import Refusal
from cunbo.film import colours

SMOOTH = 30
"""Frames a second at most; of slow motion every so many are left out, so that what moves moves evenly."""
USUAL = Fraction(25)
"""Frames a second of a film that does not say."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp", ".tif", ".tiff"}
"""Endings of photographs, which FFmpeg would open as films of one picture."""


@dataclass(frozen=True)
class SourceClip:
    """A film as it was shot, or a part of it from `start`; `rate` is frames a second, `colours` are filters.

    `voice` is where its sound lies: None where it is silent, and another file than `path` where it was made apart.
    """

    path: Path
    seconds: float
    voice: Path | None
    colours: str
    rate: Fraction = USUAL
    start: float = 0.0


def probe(path: Path) -> SourceClip:
    """Read the film in a file, whatever tags it has; raises Refusal where there is none."""
    if not path.is_file():
        raise Refusal(f"there is no file {path}")
    if path.suffix.lower() in PICTURES:
        raise Refusal(f"{path.name} is a photograph, no film: `cunbo video nostalgia --look slides` shows photographs")
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            pictures = films.picture_of(container)
            if pictures is None:
                raise Refusal(f"{path.name} has no moving pictures: name the film itself")
            heard = bool(container.streams.audio) and container.streams.audio[0].codec_context is not None
            ways = colours.to_bt709(pictures.codec_context)
            rate = steady(pictures.guessed_rate)
            clip = SourceClip(path, _length(container), path if heard else None, ways, rate)
    except (av.error.FFmpegError, ValueError):
        raise Refusal(f"{path.name} is no film that can be read: save it as MP4, as phones do") from None
    if clip.seconds < 1:
        raise Refusal(f"{path.name} is shorter than a second: there is nothing to be seen in it")
    return clip


def part(clip: SourceClip, start: float | None, end: float | None) -> SourceClip:
    """Return the clip from `start` to `end`, in seconds; raises Refusal where it has no such part, or one too long."""
    begins, ends = start or 0.0, clip.seconds if end is None else end
    name = clip.path.name
    if begins >= clip.seconds or ends > clip.seconds + 0.5:
        raise Refusal(f"{name} ends at {clip.seconds:.1f} seconds: write --from and --to within it")
    ends = min(ends, clip.seconds)
    if ends - begins < 1:
        raise Refusal(f"from {begins:g} to {ends:g} seconds there is less than a second: write --to later than --from")
    if ends - begins > LONGEST:
        raise Refusal(f"{name} is longer than {LONGEST // 3600} hours: cut it into parts, by --from and --to")
    return replace(clip, start=clip.start + begins, seconds=ends - begins)


def steady(rate: Fraction | None) -> Fraction:
    """Return the frames a second that are kept of a film with so many: SMOOTH at most, and a whole part of them."""
    if not rate or rate <= 0:
        return USUAL
    kept = rate / max(1, ceil(rate / SMOOTH - Fraction(1, 100)))
    return kept if kept >= 1 else USUAL


def _length(container: av.container.InputContainer) -> float:
    """Return the seconds of a film, from its last packet where it does not say."""
    if container.duration:
        return container.duration / av.time_base
    packets = (packet for packet in container.demux() if packet.pts is not None)
    return max((float((packet.pts or 0) * (packet.time_base or 0)) for packet in packets), default=0.0)
