"""What is heard under a film: a projector, a tape's hiss, an old set's hum, a slide projector. No recordings.

A bed is a loop whose end leads into its beginning; a slide show's is as long as the show, since its clunks fall where
slides change.
"""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cunbo.core.refusal import Refusal, instead

RATE = 48_000
LOOP = 8
"""Seconds of a bed before it comes again."""
BEDS = {
    "projector": "a film projector: its claw and its fan",
    "hiss": "a tape's hiss",
    "hum": "an old television's hum",
    "slides": "a slide projector: its fan, and a clunk at each change",
}
"""The beds by their names, as --sound-bed takes them, with what --help says of them."""
Samples = NDArray[np.float64]


def known_bed(name: str) -> str:
    """Return the name of a bed; raises Refusal."""
    if name not in BEDS:
        raise Refusal(f"there is no sound bed {name}: {instead(name, BEDS)}")
    return name


def write(name: str, path: Path, seconds: float = LOOP, clunks: Sequence[float] = ()) -> Path:
    """Write a bed as a WAV file of so many seconds, with a clunk at each of the given seconds, and return its path."""
    samples = bed(name, seconds, clunks)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def bed(name: str, seconds: float = LOOP, clunks: Sequence[float] = ()) -> Samples:
    """Return the samples of a bed, from -1 to 1; the same each time."""
    random = np.random.default_rng(1986)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    if name == "projector":
        made = _claw(random, count) + 0.05 * _noise(random, count, 90, 900) + 0.02 * _hum(time, 100)
    elif name == "hiss":
        made = 0.10 * _noise(random, count, 1800, 9000) + 0.012 * _hum(time, 50)
    elif name == "hum":
        made = 0.10 * _hum(time, 50) + 0.03 * _hum(time, 100) + 0.012 * _noise(random, count, 300, 5000)
    else:
        made = 0.10 * _noise(random, count, 70, 1100) + 0.02 * _hum(time, 100)
        for at in clunks:
            _add(made, _clunk(random), at)
    return made * (0.7 / max(0.7, float(np.max(np.abs(made)))))


def _noise(random: np.random.Generator, count: int, low: float, high: float) -> Samples:
    """Return noise between two frequencies in hertz, of a strength of 1, that goes on from its end to its beginning."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / high) ** 2)
    made = np.fft.irfft(spectrum, count)
    return np.asarray(made / np.std(made))


def _hum(time: Samples, hertz: float) -> Samples:
    """Return the hum of a transformer: its frequency and the ones above it."""
    return np.asarray(sum(np.sin(2 * np.pi * hertz * part * time + part) / part**1.6 for part in (1, 2, 3, 4)))


def _claw(random: np.random.Generator, count: int) -> Samples:
    """Return the rattle of the claw that pulls the film: 24 beats a second, of which each third is a little harder."""
    made = np.zeros(count)
    beats = int(count / RATE * 24)
    long = RATE // 45
    fall = np.exp(-np.arange(long) / (RATE * 0.0035))
    body = np.sin(2 * np.pi * 410 * np.arange(long) / RATE) + 0.6 * np.sin(2 * np.pi * 1130 * np.arange(long) / RATE)
    for beat in range(beats):
        click = fall * (0.55 * random.standard_normal(long) + body)
        strength = (0.16 if beat % 3 else 0.21) * random.uniform(0.85, 1.1)
        at = int(beat * RATE / 24 + random.integers(0, RATE // 900))
        made[np.arange(at, at + long) % count] += strength * click
    return np.asarray(np.fft.irfft(np.fft.rfft(made) / (1 + (np.fft.rfftfreq(count, 1 / RATE) / 3800) ** 2), count))


def _clunk(random: np.random.Generator) -> Samples:
    """Return what a slide carriage does in 0.6 seconds: it draws back, drops one slide, and pushes the next one in."""
    made = np.zeros(int(RATE * 0.7))
    for at, hertz, strength in ((0.0, 190, 0.5), (0.22, 120, 0.85), (0.46, 165, 0.6)):
        long = int(RATE * 0.14)
        time = np.arange(long) / RATE
        knock = np.exp(-time / 0.018) * (np.sin(2 * np.pi * hertz * time) + 0.45 * random.standard_normal(long))
        _add(made, strength * knock, at)
    scrape = 0.05 * _noise(random, int(RATE * 0.2), 900, 4000) * np.hanning(int(RATE * 0.2))
    _add(made, scrape, 0.25)
    return made


def _add(made: Samples, sound: Samples, at: float) -> None:
    """Add a sound to others at a second; what would lie after their end is left out."""
    first = int(at * RATE)
    room = max(0, min(len(sound), len(made) - first))
    made[first : first + room] += sound[:room]
