"""What is kept of a photograph: its picture and nothing else, whatever was sent."""

import io

import pytest
from chalicelib.domain.aftersales.jpeg import HEAD, MOST_SIDE, NotAPhoto, cleaned
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.functions.helpers.pictures import PLACE, as_phones_make_it, cleanable, hostile, photo

HOSTILE, CLEANABLE = dict(hostile()), dict(cleanable())


def parts(data: bytes) -> list[int]:
    """Markers before the first scan, read apart from the rule that is tested."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return found


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_whole_photograph_is_refused(name: str) -> None:
    with pytest.raises(NotAPhoto):
        cleaned(HOSTILE[name])


@pytest.mark.parametrize("name", CLEANABLE)
def test_nothing_but_the_picture_is_kept_and_it_is_the_same_picture(name: str) -> None:
    kept = cleaned(CLEANABLE[name])
    assert kept.startswith(HEAD) and kept.endswith(b"\xff\xd9")
    assert not any(words in kept for words in (PLACE, b"Exif", b"ICC_PROFILE", b"xmpmeta", b"<script", b"PK\x03\x04"))
    assert [one for one in parts(kept) if 0xE0 <= one <= 0xEF or one == 0xFE] == [0xE0]
    with Image.open(io.BytesIO(kept)) as after, Image.open(io.BytesIO(CLEANABLE[name])) as before:
        assert not after.getexif() and not after.getexif().get_ifd(0x8825)
        assert {*after.info} <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert after.tobytes() == before.tobytes()
    assert cleaned(kept) == kept


def test_the_bound_on_pixels_is_that_of_its_own_words() -> None:
    with pytest.raises(NotAPhoto, match=f"at most {MOST_SIDE} by {MOST_SIDE}"):
        cleaned(photo((MOST_SIDE + 1, 1)))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_photograph_with_any_bytes_changed_is_refused_or_has_no_metadata(data: st.DataObject) -> None:
    broken = bytearray(as_phones_make_it((16, 16)))
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    for sent in (bytes(broken), bytes(broken[:cut]), bytes(broken[:cut]) + b"\xff\xd9"):
        try:
            kept = cleaned(sent)
        except NotAPhoto:
            continue
        assert PLACE not in kept
        assert [one for one in parts(kept) if 0xE0 <= one <= 0xEF or one == 0xFE] == [0xE0]
