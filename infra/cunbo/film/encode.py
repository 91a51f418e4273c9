"""FFmpeg as a program: inputs and filters gathered, run with progress, and stopped with the command that began it."""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import ENOSPC
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image
from storefront.read.media import films

from cunbo.core.refusal import Refusal
from cunbo.film.colours import AS_BT709
from cunbo.film.looks import Rendition, fitted
from cunbo.film.words import say

Tell = Callable[[str, float], None]
"""Is called with what is being made, and the share of it that is done, from 0 to 1."""


@contextmanager
def desk(folder: Path) -> Iterator[Path]:
    """Yield a folder inside a folder, where a film is made, and which is gone when the block ends. Raises Refusal."""
    with writing(folder), tempfile.TemporaryDirectory(dir=folder.absolute(), prefix=".cunbo-") as made:
        yield Path(made)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise Refusal where something in the block cannot be written: the disk is full, or nobody may write there."""
    try:
        yield
    except OSError as error:
        raise Refusal(say("unwritable", words=str(folder), error=error.strerror or str(error))) from None


@dataclass
class FilterGraph:
    """What FFmpeg reads, and what it does with that: filters end in labels, which later ones begin with."""

    inputs: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    count: int = 0

    def read(self, path: Path, *how: str) -> int:
        """Add an input with its options, and return its number."""
        self.inputs += [*how, "-i", str(path)]
        self.count += 1
        return self.count - 1

    def add(self, chain: str, label: str) -> str:
        """Add a chain of filters that ends in the label, and return the label as the next chain begins."""
        self.filters.append(f"{chain}[{label}]")
        return f"[{label}]"


def render(
    graph: FilterGraph, shown: str, heard: str | None, seconds: float, to: list[tuple[Rendition, Path]]
) -> list[str]:
    """Return how FFmpeg is to encode renditions from what the graph shows and makes heard, all of them in one go."""
    parts = "".join(f"[part{number}]" for number in range(len(to)))
    graph.filters.append(f"{shown}split={len(to)}{parts}")
    if heard:
        graph.filters.append(f"{heard}asplit={len(to)}" + "".join(f"[voice{number}]" for number in range(len(to))))
    out: list[str] = []
    for number, (rendition, path) in enumerate(to):
        graph.add(f"[part{number}]{fitted(rendition)},{AS_BT709}", f"out{number}")
        sound = ["-map", f"[voice{number}]", "-c:a", "aac", "-b:a", str(rendition.voice), "-ac", "1"] if heard else []
        out += [
            *("-map", f"[out{number}]", *(sound or ["-an"]), "-t", f"{seconds:.3f}"),
            *("-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"),
            *("-c:v", "libx264", "-profile:v", "main", "-preset", "slow", "-crf", str(rendition.crf)),
            *("-maxrate", str(rendition.most), "-bufsize", str(2 * rendition.most)),
            *("-movflags", "+faststart", str(path)),
        ]
    return ["-y", *graph.inputs, "-filter_complex", ";".join(graph.filters), *out]


def most_bits(rendition: Rendition, seconds: float) -> int:
    """Return the bits a second of a rendition's pictures: so long a film gets fewer that no git host would take it."""
    return min(rendition.most, int(films.LARGEST * 0.9 * 8 / seconds) - rendition.voice)


def run(command: list[str], seconds: float, what: str) -> Iterator[float]:
    """Run FFmpeg, and yield the share of so many seconds that is done; raises Refusal. It ends with its reader.

    What it says may quote tags in any encoding.
    """
    whole = [program(), "-v", "error", "-nostats", "-progress", "pipe:1", *command]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(whole, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=told) as process,  # noqa: S603
    ):
        try:
            for line in process.stdout or ():
                if at := re.match(rb"out_time_us=(\d+)", line):
                    yield min(int(at[1]) / 1e6 / seconds, 0.99)
            process.wait()
        finally:
            process.kill()
        told.seek(0)
        said = told.read().decode(errors="replace")
    if process.returncode:
        raise Refusal(say("unmade", words=what, error=_reason(said) or f"ffmpeg: {process.returncode}"))
    yield 1.0


def ask(*arguments: str) -> str:
    """Run FFmpeg, and return what it says of its work; raises Refusal with the last line of it."""
    whole = [program(), "-hide_banner", "-nostats", *arguments]
    done = subprocess.run(whole, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        raise Refusal(say("ffmpeg", words=_reason(said)))
    return said


def _reason(said: str) -> str:
    """Return why FFmpeg stopped, by the last line that it said. Raises OSError where its disk was full."""
    if os.strerror(ENOSPC) in said:
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    return re.sub(r"^\[[^]]*\] ", "", "".join(said.strip().splitlines()[-1:]))


def write_lossless(frames: Iterable[Image.Image], path: Path, rate: Fraction) -> float:
    """Write drawn frames, RGB or RGBA, into a film that loses nothing; return its seconds."""
    count = 0
    with av.open(str(path), "w", format="matroska") as out:
        stream = None
        for image in frames:
            clear = image.mode == "RGBA"
            if stream is None:
                stream = out.add_stream("ffv1", rate=rate.limit_denominator(1001))
                stream.width, stream.height = image.size
                stream.pix_fmt = "bgra" if clear else "bgr0"
            frame = _frame(image, "rgba" if clear else "rgb24")
            frame.pts = count
            count += 1
            for packet in stream.encode(frame.reformat(format=stream.pix_fmt)):
                out.mux(packet)
        if stream is not None:
            for packet in stream.encode(None):
                out.mux(packet)
    return float(count / rate)


def _frame(image: Image.Image, form: str) -> av.VideoFrame:
    """Return an image as libav has it, whose rows end at whole words."""
    frame, data = av.VideoFrame(image.width, image.height, form), image.tobytes()
    plane, row = frame.planes[0], len(data) // image.height
    pad = bytes(plane.line_size - row)
    plane.update(b"".join(data[at : at + row] + pad for at in range(0, len(data), row)) if pad else data)
    return frame


def program() -> str:
    """Return where the ffmpeg lies that was installed with the project."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())
