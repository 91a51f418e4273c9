"""What is heard under a film: a projector, a tape's hiss, an old set's hum, a slide projector. No recordings.

A bed is a loop; a slide show's is as long as the show, since its clunks fall where slides change.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cunbo.core.refusal import Refusal
from cunbo.film.sound import mix, noises
from cunbo.film.sound.signal import Sound, added, band, count, dying, noise, shaped, sine
from cunbo.film.words import instead, say

LOOP = 8
"""Seconds of a bed before it comes again."""
SEAM = 0.1
"""Seconds over which its end leads into its beginning."""
BEDS = {
    "projector": "a film projector: its claw and its motor",
    "hiss": "a tape's hiss",
    "hum": "an old television's hum",
    "slides": "a slide projector: its fan, and a clunk at each change",
}
"""The beds by their names, as --sound-bed takes them, with what --help says of them."""


def known_bed(name: str) -> str:
    """Return the name of a bed; raises Refusal."""
    if name not in BEDS:
        raise Refusal(say("no_bed", words=name, instead=instead(name, BEDS)))
    return name


def write(name: str, path: Path, seconds: float = LOOP, clunks: Sequence[float] = ()) -> Path:
    """Write a bed as a WAV file of so many seconds, with a clunk at each of the given seconds, and return its path."""
    mix.write(bed(name, seconds, clunks), path)
    return path


def bed(name: str, seconds: float = LOOP, clunks: Sequence[float] = ()) -> Sound:
    """Return the samples of a bed, from -1 to 1; the same each time."""
    long = seconds + SEAM
    if name == "projector":
        made = 0.5 * noises.projector(long)
    elif name == "hiss":
        made = 0.2 * band(noise(long, 1986), 1800, 9000) + 0.012 * _hum(50, long)
    elif name == "hum":
        made = 0.10 * _hum(50, long) + 0.03 * _hum(100, long) + 0.03 * band(noise(long, 1986), 300, 5000)
    else:
        made = 0.5 * band(noise(long, 1986), 70, 1100) + 0.02 * _hum(100, long)
    made = added([(_joined(made, count(seconds)), 0), *((_clunk(), at) for at in clunks)], seconds)
    return np.asarray(made * (0.7 / max(0.7, float(np.max(np.abs(made))))))


def _joined(sound: Sound, length: int) -> Sound:
    """Return the first samples of a sound, with what follows faded into their beginning, so that it can go round."""
    made, over = sound[:length].copy(), len(sound) - length
    share = np.linspace(0, 1, over)
    made[:over] = made[:over] * share + sound[length:] * (1 - share)
    return made


def _hum(freq: float, seconds: float) -> Sound:
    """Return the hum of a transformer: its frequency and the ones above it."""
    return np.asarray(sum(sine(freq * part, seconds) / part**1.6 for part in (1, 2, 3, 4)))


def _clunk() -> Sound:
    """Return what a slide carriage does in 0.6 seconds: it draws back, drops one slide, and pushes the next one in."""
    knocks = [
        (strength * dying(0.14, 0.012) * (sine(freq, 0.14) + 0.45 * noise(0.14, 1986 + freq)), at)
        for at, freq, strength in ((0.0, 190, 0.5), (0.22, 120, 0.85), (0.46, 165, 0.6))
    ]
    return added([*knocks, (0.1 * shaped(band(noise(0.2, 1987), 900, 4000), 0.1, 0.1), 0.25)], 0.7)
