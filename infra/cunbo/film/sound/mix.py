"""Puts sounds together and brings them to the loudness of broadcasts: -16 LUFS, no peak above -1 dBTP (EBU R 128).

ffmpeg's ebur128 measures; what is louder than the ceiling is bent, not cut.
"""

import re
import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cunbo.core.refusal import Refusal
from cunbo.film import encode
from cunbo.film.sound.signal import RATE, Sound, added, band, count, echoed
from cunbo.film.words import say

LOUDNESS, SPREAD, PEAK = -16.0, 1.0, -1.0
"""LUFS, how far off it may be, and dBTP."""
CEILING = -6.5
"""dBTP of the master: AAC of 48 kbit/s raises the peaks of what is like noise by 4 dB."""


SILENT = -69.0
"""LUFS from which ffmpeg hears nothing."""


class Loudness(NamedTuple):
    """How loud a file is: integrated, in LUFS, and its true peak, in dBTP."""

    integrated: float
    peak: float


class Score:
    """What is heard in a film: sounds, each from its own second on and so strong."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._sounds: list[tuple[Sound, float]] = []

    def add(self, sound: Sound, at: float, strength: float = 1.0) -> None:
        """Add a sound from the second `at` on; 1 is as strong as it is."""
        self._sounds.append((sound * strength, at))

    def mixed(self) -> Sound:
        """Return all of it together, with nothing below what speakers give and nothing above what film kept."""
        whole = band(added(self._sounds, self.seconds), 45, 11_000)
        edge = min(count(0.35), len(whole))
        whole[-edge:] *= np.linspace(1, 0, edge)
        return whole


def loudspeaker(sound: Sound) -> Sound:
    """Return a sound as a horn over the village gives it: a narrow band, driven hard, with its echo from the hills."""
    driven = np.tanh(3.2 * band(sound, 420, 2800) / (float(np.abs(sound).max()) or 1))
    return echoed(band(driven, 380, 3400) * 0.5, 0.27, 0.36, 3)


def radio(sound: Sound) -> Sound:
    """Return a sound as a small set on a shelf gives it."""
    return band(np.tanh(1.6 * sound / (float(np.abs(sound).max()) or 1)), 230, 4200) * 0.6


def bent(sound: Sound, ceiling: float) -> Sound:
    """Return a sound that never passes the ceiling: straight below seven tenths of it, bent above."""
    knee = 0.7 * ceiling
    over = np.maximum(np.abs(sound) - knee, 0)
    room = ceiling - knee
    return np.asarray(np.sign(sound) * (np.minimum(np.abs(sound), knee) + room * np.tanh(over / room)))


def write(sound: Sound, path: Path) -> None:
    """Write a sound as WAV, 16 bits; what is above 1 is cut."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32_767).round().astype("<i2").tobytes())


def measure(path: Path) -> Loudness:
    """Return how loud a file with sound is; raises Refusal where that cannot be measured."""
    said = encode.ask("-i", str(path), "-map", "0:a:0", "-filter:a", "ebur128=peak=true", "-f", "null", "-")
    summary = said.rpartition("Summary:")[2]
    loud, peak = re.search(r"I:\s+(-?[\d.]+) LUFS", summary), re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)
    if not loud or not peak:
        raise Refusal(say("no_sound", words=path.name))
    return Loudness(float(loud[1]), float(peak[1]))


def master(sound: Sound, path: Path) -> Loudness:
    """Write a sound as WAV at LOUDNESS, and return what it came to. Raises Refusal for silence.

    Bending takes some loudness away, and a true peak lies between samples, so gain and ceiling are found in steps.
    """
    if not np.any(sound):
        raise Refusal(say("silent", words=path.name))
    level, ceiling = sound / float(np.abs(sound).max()) * 0.5, CEILING
    for _ in range(8):
        write(bent(level, 10 ** (ceiling / 20)), path)
        loud = measure(path)
        if loud.integrated <= SILENT:
            raise Refusal(say("silent", words=path.name))
        if abs(loud.integrated - LOUDNESS) < 0.1 and loud.peak <= CEILING + 0.5:
            break
        level = level * 10 ** ((LOUDNESS - loud.integrated) / 20)
        ceiling -= max(loud.peak - CEILING, 0)
    return loud
