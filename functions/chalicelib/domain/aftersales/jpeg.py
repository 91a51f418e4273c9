"""What a photograph must be, byte for byte, and how all that is no picture is taken out of it. Pure rules, no I/O.

A declared type proves nothing, and a file can be a picture and a program at once. So each byte of a JPEG must be
accounted for: the parts that draw the picture are read to their ends and kept, those that say something about it (where
and by what it was taken, a smaller picture of the same, a colour profile, a comment) are left out, and what stands
behind its end is refused. Phones make it small before they send it (site/assets/js/widgets/shrink.js), as such a file.
"""

from enum import IntEnum

MOST_BYTES = 1_500_000
"""Bytes of a photograph, at most."""
MOST_SIDE = 2_000
"""Pixels of a photograph's side, at most: a few bytes can claim any number, and who opens it pays with their memory."""
MOST_SCANS = 20
"""Passes in which a picture may come, at most: encoders make ten, and each costs a whole look at the picture."""
MOST_PARTS = 100
"""Parts that draw it, at most: tables of numbers are a place to hide something in, and encoders need a dozen or two."""
HEAD = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""How each photograph begins that is kept: the mark of a JPEG, and that its colours are what JPEGs' usually are."""


class NotAPhoto(Exception):
    """These bytes are no photograph that the shop takes; the words say why."""


class Marker(IntEnum):
    """What the byte after 0xFF says of the part that follows."""

    BASELINE = 0xC0
    EXTENDED = 0xC1
    PROGRESSIVE = 0xC2
    HUFFMAN = 0xC4
    START = 0xD8
    END = 0xD9
    SCAN = 0xDA
    QUANTIZATION = 0xDB
    RESTART = 0xDD
    ADOBE = 0xEE
    COMMENT = 0xFE


FRAMES = (Marker.BASELINE, Marker.EXTENDED, Marker.PROGRESSIVE)
"""Ways of coding that every browser reads; others are of medicine and of libraries' tests."""
ABOUT = frozenset({*range(0xE0, 0xF0), Marker.COMMENT})
"""Parts that say something about the picture, and draw nothing of it."""


def cleaned(data: bytes) -> bytes:
    """Return the photograph with nothing in it but its picture; raise NotAPhoto for all else. Again changes nothing."""
    if len(data) > MOST_BYTES:
        raise NotAPhoto("it is too large")
    if data[:2] != bytes([0xFF, Marker.START]):
        raise NotAPhoto("it is no JPEG")
    return _Walk(data).kept()


class _Walk:
    """One way through a JPEG, part by part."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 2
        self.parts = [HEAD]
        self.components: dict[int, int] = {}
        self.scans = 0

    def kept(self) -> bytes:
        """Return what draws the picture, between a beginning of our own and its end."""
        while (marker := self._marker()) != Marker.END:
            body = self._body()
            if marker in ABOUT:
                if marker == Marker.ADOBE and body[:5] == b"Adobe" and body[11:12] != b"\x01":
                    raise NotAPhoto("its colours are those of a printing house")
                continue
            self._check(marker, body)
            if len(self.parts) > MOST_PARTS:
                raise NotAPhoto("it has more parts than a photograph needs")
            self.parts.append(bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body)
            if marker == Marker.SCAN:
                self.parts.append(self._drawn())
        if not self.scans:
            raise NotAPhoto("there is no picture in it")
        if self.at != len(self.data):
            raise NotAPhoto("something stands behind its end")
        return b"".join([*self.parts, bytes([0xFF, Marker.END])])

    def _marker(self) -> int:
        """The next part's marker; as many 0xFF as there are may stand before it."""
        start = self.at
        while self.data[self.at : self.at + 1] == b"\xff":
            self.at += 1
        if self.at == start or self.at >= len(self.data):
            raise NotAPhoto("it is cut off, or no JPEG behind its beginning")
        self.at += 1
        return self.data[self.at - 1]

    def _body(self) -> bytes:
        """The next part's bytes, without the two that say how many they are."""
        length = int.from_bytes(self.data[self.at : self.at + 2])
        body = self.data[self.at + 2 : self.at + length]
        if length < 2 or len(body) != length - 2:
            raise NotAPhoto("a part of it is cut off")
        self.at += length
        return body

    def _check(self, marker: int, body: bytes) -> None:
        if marker in FRAMES:
            self._check_frame(body)
        elif marker == Marker.QUANTIZATION:
            _check_quantization(body)
        elif marker == Marker.HUFFMAN:
            _check_huffman(body)
        elif marker == Marker.SCAN:
            self._check_scan(body)
        elif marker != Marker.RESTART or len(body) != 2:
            raise NotAPhoto(f"it has a part that no photograph needs: {marker:02X}")

    def _check_frame(self, body: bytes) -> None:
        if self.components:
            raise NotAPhoto("there is more than one picture in it")
        if len(body) < 6 or body[0] != 8 or len(body) != 6 + 3 * body[5] or body[5] not in (1, 3):
            raise NotAPhoto("its colours are not those of a photograph")
        high, wide = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
        if not (0 < high <= MOST_SIDE and 0 < wide <= MOST_SIDE):
            raise NotAPhoto(f"it is {wide} by {high} pixels: at most {MOST_SIDE} by {MOST_SIDE}")
        for one in range(6, len(body), 3):
            name, across, down, table = body[one], body[one + 1] >> 4, body[one + 1] & 15, body[one + 2]
            if name in self.components or not (1 <= across <= 4 and 1 <= down <= 4) or table > 3:
                raise NotAPhoto("its colours make no sense")
            self.components[name] = table

    def _check_scan(self, body: bytes) -> None:
        self.scans += 1
        named = body[1:-3:2]
        fits = (
            body and len(body) == 4 + 2 * body[0] and 0 < len(named) == len({*named}) and {*named} <= {*self.components}
        )
        if not fits or self.scans > MOST_SCANS:
            raise NotAPhoto("a scan of it makes no sense")

    def _drawn(self) -> bytes:
        """The drawn picture itself: up to the next marker that is neither a byte 0xFF nor a restart."""
        start = self.at
        while (found := self.data.find(b"\xff", self.at)) >= 0 and found + 1 < len(self.data):
            after = self.data[found + 1]
            if after != 0 and not 0xD0 <= after <= 0xD7:
                self.at = found
                break
            self.at = found + 2
        else:
            raise NotAPhoto("it is cut off")
        if self.at == start:
            raise NotAPhoto("there is no picture in it")
        return self.data[start : self.at]


def _check_quantization(body: bytes) -> None:
    """Whole tables of 64 numbers of one byte or two, and nothing more."""
    at = 0
    while at < len(body):
        wide, number = body[at] >> 4, body[at] & 15
        if wide > 1 or number > 3:
            raise NotAPhoto("a table of it makes no sense")
        at += 1 + 64 * (1 + wide)
    if at != len(body) or not body:
        raise NotAPhoto("a table of it is cut off")


def _check_huffman(body: bytes) -> None:
    """Whole tables, each of as many codes as it says, and nothing more."""
    at = 0
    while at < len(body):
        codes = sum(body[at + 1 : at + 17])
        if body[at] >> 4 > 1 or body[at] & 15 > 3 or codes > 256:
            raise NotAPhoto("a table of it makes no sense")
        at += 17 + codes
    if at != len(body) or not body:
        raise NotAPhoto("a table of it is cut off")
