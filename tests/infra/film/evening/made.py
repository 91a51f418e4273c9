"""A recording that is made: each second of it wears its number, so that whoever cuts it can be caught."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import msgspec
from chalicelib.domain.live.rooms import Act, LogEntry

BITS = 12
WIDTH, HEIGHT, RATE = 192, 96, 4
BEGAN = datetime(2026, 11, 30, 11, 30, 5, tzinfo=UTC)
"""19:30:05 by the village's clock."""
SHOW = "20261130112900"


def at(minutes: float) -> datetime:
    """So many minutes after the recording began."""
    return BEGAN + timedelta(minutes=minutes)


def entry(minutes: float, what: Act, sku: str | None = None, price: int | None = None, **more: Any) -> LogEntry:
    return LogEntry(at(minutes), what, "小王", SHOW, sku, price, **more)


def recording(path: Path, seconds: int, sound: str = "", tall: bool = False, larger: int = 1, **tags: str) -> Path:
    """A film of so many seconds: each shows its number in black and white bars, the highest bit at the left."""
    size = (HEIGHT, WIDTH) if tall else (WIDTH * larger, HEIGHT * larger)
    with av.open(str(path), "w") as made:
        made.metadata.update(tags)
        stream = made.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "20", "g": "40"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        voice = made.add_stream(sound, rate=8000) if sound else None
        for index in range(seconds * RATE):
            made.mux(stream.encode(_frame(index, size)))
        made.mux(stream.encode(None))
        if voice:
            _speak(made, voice, seconds)
    return path


def _frame(index: int, size: tuple[int, int]) -> av.VideoFrame:
    frame = av.VideoFrame(*size, "yuv420p")
    luma = frame.planes[0]
    bar = size[0] // BITS
    row = bytearray(b"\x80" * luma.line_size)
    for bit in range(BITS):
        on = index // RATE >> (BITS - 1 - bit) & 1
        row[bit * bar : (bit + 1) * bar] = (b"\xeb" if on else b"\x10") * bar
    luma.update(bytes(row) * size[1])
    for plane in frame.planes[1:]:
        plane.update(b"\x80" * plane.buffer_size)
    frame.pts, frame.time_base = index, Fraction(1, RATE)
    return frame


def _speak(made: Any, stream: Any, seconds: int) -> None:
    """Three seconds of noise, one of silence, and so on."""
    size = 1000
    for index in range(seconds * 8):
        frame = av.AudioFrame(stream.format.name, stream.layout.name, size)
        loud = index // 8 % 4 < 3
        for plane in frame.planes:
            plane.update(bytes(each * 37 % 61 if loud else 0 for each in range(plane.buffer_size)))
        frame.sample_rate, frame.pts, frame.time_base = 8000, index * size, Fraction(1, 8000)
        made.mux(stream.encode(frame))
    made.mux(stream.encode(None))


def seconds_in(path: Path) -> list[int]:
    """The numbers that are read back from the frames of a film, whatever its size is."""
    found = []
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            luma = frame.reformat(format="gray").to_ndarray()
            middle = luma[luma.shape[0] // 2]
            bar = len(middle) / BITS
            bits = (int(middle[int((bit + 0.5) * bar)] > 128) for bit in range(BITS))
            found.append(sum(on << (BITS - 1 - place) for place, on in enumerate(bits)))
    return found


def saved(path: Path, *entries: LogEntry, room: str = "cabbage-1") -> Path:
    """A log as the console saves it, the latest line first."""
    path.write_bytes(
        msgspec.json.encode({"room": room, "entries": sorted(entries, key=lambda one: one.at, reverse=True)})
    )
    return path
