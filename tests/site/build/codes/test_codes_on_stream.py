"""Codes that are read back from real H.264: every frame at the recommended size, and not at half of it.

A 720p stream of moving pictures with a camera's noise is encoded as hosts' machines do it; then it is seen as it is,
on a player of three quarters of the size, and on one of half the size, whose picture a phone sees blurred and tilted.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image
from storefront.build.codes import Code, code, link, smallest

from tests.site.helpers.codes import draw

WIDE, HIGH, FRAMES = 1280, 720, 25
CODE = code(link("https://cunbo.example", "specialties-1"))
SEEN = f"scale={WIDE}:{HIGH}:flags=bicubic,gblur=sigma=0.6,rotate"
VIEWS = {
    "as-it-is": "null",
    "three-quarters": f"scale=iw*3/4:-2,{SEEN}=2*PI/180:fillcolor=gray",
    "half-and-tilted": f"scale=iw/2:-2,{SEEN}=5*PI/180:fillcolor=gray",
}


def ffmpeg(*arguments: str | Path) -> bytes:
    command = [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def stream(folder: Path, made: Code, kbits: int, pixels: int) -> Path:
    """A second of a stream that shows the code at so many pixels a module."""
    picture, clip = folder / "code.png", folder / f"{kbits}-{pixels}.mp4"
    draw(made, pixels).convert("RGB").save(picture)
    moving = f"testsrc2=size={WIDE}x{HIGH}:rate=25,gblur=sigma=6,noise=alls=18:allf=t"
    shown = "[0][1]overlay=W-w-80:H-h-120,noise=alls=6:allf=t,format=yuv420p"
    rate = [f"{kbits}k", "-maxrate", f"{kbits}k", "-bufsize", f"{kbits}k"]
    ffmpeg(
        "-y", "-f", "lavfi", "-i", moving, "-loop", "1", "-i", picture, "-filter_complex", shown,
        "-frames:v", str(FRAMES), "-c:v", "libx264", "-preset", "veryfast", "-b:v", *rate, clip,
    )  # fmt: skip
    return clip


def frames(clip: Path, view: str) -> Iterator[Image.Image]:
    """The frames of a clip as they are seen."""
    raw = ffmpeg("-i", clip, "-vf", f"{VIEWS[view]},format=gray", "-f", "rawvideo", "-")
    size = WIDE * HIGH
    return (Image.frombytes("L", (WIDE, HIGH), raw[at : at + size]) for at in range(0, len(raw), size))


def read(clip: Path, view: str, made: Code) -> tuple[int, int]:
    """In how many frames the code was read, and how many there are."""
    found = [[one.text for one in zxingcpp.read_barcodes(frame)] == [made.link] for frame in frames(clip, view)]
    return sum(found), len(found)


@pytest.mark.parametrize("kbits", [500, 1000])
@pytest.mark.parametrize("view", VIEWS)
def test_every_frame_is_read_at_the_recommended_size(tmp_path: Path, kbits: int, view: str) -> None:
    pixels = smallest(CODE.modules) // CODE.modules
    clip = stream(tmp_path, CODE, kbits, pixels)
    assert clip.stat().st_size * 8 / 1000 < 2 * kbits, "the encoder kept to its rate"
    assert read(clip, view, CODE) == (FRAMES, FRAMES)


def test_at_half_of_it_a_phone_reads_hardly_anything(tmp_path: Path) -> None:
    """The twin of the test above: what it does to a code does harm."""
    got, all_ = read(stream(tmp_path, CODE, 500, 2), "half-and-tilted", CODE)
    assert got < all_ / 2
