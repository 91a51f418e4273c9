"""Instruments play the pitch that is written, within what an ear lets pass."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from cunbo.film.sound.instruments import accordion, bell, erhu, flute, string, struck
from cunbo.film.sound.notation import Note
from cunbo.film.sound.signal import RATE, Sound

TOLERANCE = 15
"""Cents: vibrato and two reeds a little apart are meant."""


def pitch(sound: Sound, near: float) -> float:
    """The strongest frequency within three semitones of `near`."""
    middle = sound[len(sound) // 5 : -len(sound) // 5]
    strength = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 19))
    freqs = np.fft.rfftfreq(1 << 19, 1 / RATE)
    strength[(freqs < near * 0.84) | (freqs > near * 1.19)] = 0
    return float(freqs[int(np.argmax(strength))])


@pytest.mark.parametrize("freq", [146.83, 293.66, 587.33])
@pytest.mark.parametrize("play", [accordion, erhu, flute, struck])
def test_an_instrument_is_in_tune(play: Callable[[Sequence[Note]], Sound], freq: float) -> None:
    heard = pitch(play([Note(freq, 1.2)]), freq)
    assert abs(1200 * np.log2(heard / freq)) < TOLERANCE


@pytest.mark.parametrize("freq", [98.0, 261.63, 880.0])
def test_a_string_and_a_bell_are_in_tune(freq: float) -> None:
    for sound in (string(freq, 1.2), bell(freq)):
        assert abs(1200 * np.log2(pitch(sound, freq) / freq)) < TOLERANCE


@pytest.mark.parametrize("play", [accordion, erhu, flute])
def test_a_rest_is_silent_and_keeps_its_time(play: Callable[[Sequence[Note]], Sound]) -> None:
    sound = play([Note(440, 0.5), Note(0, 1.0), Note(440, 0.5)])
    assert len(sound) == pytest.approx(2 * RATE, abs=3)
    rest = sound[int(0.75 * RATE) : int(1.3 * RATE)]
    assert float(np.abs(rest).max()) < 0.05 * float(np.abs(sound).max())


@pytest.mark.parametrize("play", [accordion, erhu, flute, struck])
def test_no_notes_are_no_sound_and_the_same_notes_the_same_sound(play: Callable[[Sequence[Note]], Sound]) -> None:
    notes = [Note(300, 0.2), Note(400, 0.2)]
    assert np.array_equal(play(notes), play(notes)) and np.isfinite(play(notes)).all()
