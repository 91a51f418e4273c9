"""Films that libav makes in a moment, as phones and their owners would leave them."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from io import BytesIO

import av
from av.container import OutputContainer

SIZE = (64, 48)
SECRETS = (b"+41.1", "宋家".encode(), b"A phone", b"Kitchen table", b"SECRET")
"""What `telling` has in it, in tags, chapters, a cover, the stream's own name, and beside its pictures."""


@cache
def film(
    seconds: float = 16,
    rate: int = 5,
    size: tuple[int, int] = SIZE,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    sound: str = "",
    transfer: int = 0,
    form: str = "mp4",
    quality: int = 40,
) -> bytes:
    """A grey film as a file's bytes; `sound` is an encoder of libav, `transfer` H.273's number, `form` a container."""
    data = BytesIO()
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    with av.open(data, "w", format=form) as made:
        stream = made.add_stream(codec, rate=rate, options={"crf": str(quality), "preset": "ultrafast", **quiet})
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        if transfer:
            stream.codec_context.color_trc, stream.codec_context.color_primaries = transfer, 9
        voice = made.add_stream(sound, rate=48_000) if sound else None
        for index in range(round(seconds * rate)):
            frame = av.VideoFrame(*size, pixels)
            for plane in frame.planes:
                plane.update(b"\x80" * plane.buffer_size)
            frame.pts, frame.time_base = index, Fraction(1, rate)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
        if voice:
            silence(made, voice, seconds)
    return data.getvalue()


def silence(made: OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    size = 1024
    for index in range(int(seconds * 48_000) // size):
        frame = av.AudioFrame(stream.format.name, stream.layout.name, size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts, frame.time_base = 48_000, index * size, Fraction(1, 48_000)
        made.mux(stream.encode(frame))
    made.mux(stream.encode(None))


@cache
def telling(form: str = "mov") -> bytes:
    """A film that says where it was filmed, by whom and with what, in each way that phones and programs know."""
    data = BytesIO()
    options = {"movflags": "use_metadata_tags"}
    with av.open(BytesIO(film(2, sound="aac"))) as source, av.open(data, "w", format=form, options=options) as made:
        made.metadata.update(
            {
                "com.apple.quicktime.location.ISO6709": "+41.1249+126.1877/",
                "location": "+41.1249+126.1877/",
                "make": "A phone",
                "artist": "宋家",
                "creation_time": "2026-11-24T08:00:00Z",
            }
        )
        made.set_chapters(
            [{"id": 1, "start": 0, "end": 1000, "time_base": Fraction(1, 1000), "metadata": {"title": "Kitchen table"}}]
        )
        streams = {stream: made.add_stream_from_template(stream) for stream in source.streams}
        for stream in streams.values():
            stream.metadata["handler_name"] = "SECRET"
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream]
                made.mux(packet)
    return data.getvalue()


def boxes(data: bytes, at: int = 0, end: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Each box of an MP4 file by its path, such as moov/udta, with what is in it: by ISO 14496-12, and no library."""
    end = len(data) if end is None else end
    while at + 8 <= end:
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8].decode("latin-1")
        head = 16 if length == 1 else 8
        length = int.from_bytes(data[at + 8 : at + 16]) if length == 1 else length or end - at
        yield kind, data[at + head : at + length]
        if kind in {"moov", "trak", "mdia", "minf", "stbl", "udta", "edts"}:
            for inner, held in boxes(data, at + head, at + length):
                yield f"{kind}/{inner}", held
        elif kind == "meta":
            for inner, held in boxes(data, at + head + 4, at + length):
                yield f"{kind}/{inner}", held
        at += length
