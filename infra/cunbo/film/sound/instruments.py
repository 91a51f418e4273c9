"""Instruments: an erhu, an accordion, a bamboo flute, struck strings. Each takes notes and returns their sound.

The bowed and blown ones are sums of overtones with a voice of their own (the peaks that a body adds), with slides,
vibrato that comes late, and the noise of bow or breath; strings are the loop of Karplus and Strong.
"""

from collections.abc import Sequence

import numpy as np

from cunbo.film.sound.notation import Note, lasting
from cunbo.film.sound.signal import RATE, Sound, added, band, count, dying, noise, shaped, sine, smoothed, times

BODY = ((480, 260, 1.0), (1150, 380, 0.75), (2500, 700, 0.42))
"""Peaks of an erhu's snakeskin: Hz, how wide, how strong."""


def _line(notes: Sequence[Note], gap: float) -> tuple[Sound, Sound, Sound]:
    """Return frequency, strength and age of the note at each sample; between notes strength falls to `gap`."""
    freqs, strengths, ages = [], [], []
    last = next((note.freq for note in notes if note.freq), 440.0)
    for note in notes:
        long = count(note.seconds)
        last = note.freq or last
        age = np.arange(long) / RATE
        rise, fall = np.minimum(age / 0.07, 1), np.minimum((note.seconds - age) / 0.09, 1)
        bow = 0.78 + 0.22 * np.sin(np.pi * np.minimum(age / max(note.seconds, 0.1), 1))
        freqs.append(np.full(long, last))
        strengths.append((gap + (1 - gap) * np.minimum(rise, fall)) * bow if note.freq else np.zeros(long))
        ages.append(age)
    return np.concatenate(freqs), np.concatenate(strengths), np.concatenate(ages)


def erhu(notes: Sequence[Note], seed: int = 1) -> Sound:
    """Return notes bowed on an erhu: they slide into each other, and tremble when they are held."""
    freqs, strength, age = _line(notes, 0.45)
    wide = 0.0085 * np.clip((age - 0.22) / 0.4, 0, 1)
    moment = np.arange(len(freqs)) / RATE
    pitch = np.exp(smoothed(np.log(freqs), 0.075)) * (1 + wide * np.sin(2 * np.pi * 5.7 * moment))
    phase, sound = 2 * np.pi * np.cumsum(pitch) / RATE, np.zeros(len(freqs))
    for overtone in range(1, 15):
        at = pitch * overtone
        voice = 0.16 + sum(peak * np.exp(-(((at - middle) / width) ** 2)) for middle, width, peak in BODY)
        sound += voice / overtone**0.75 * np.sin(phase * overtone) * (at < 9000)
    strength = smoothed(strength, 0.03)
    scratch = band(noise(len(freqs) / RATE, seed), 1800, 6500)[: len(freqs)] * 0.05 * (1 + 2 * np.exp(-age / 0.05))
    return np.asarray((0.42 * sound + scratch) * strength)


def accordion(notes: Sequence[Note], soft: float = 0.0) -> Sound:
    """Return notes on an accordion: two reeds a note, a little apart; `soft` (0 to 1) takes their edge off."""
    parts, at = [], 0.0
    for note in notes:
        if note.freq:
            held = note.seconds * 0.96
            moment, sound = times(held), np.zeros(count(held))
            for apart in (-4.5, 5.5):
                freq = note.freq * 2 ** (apart / 1200)
                for overtone in range(1, 13):
                    if freq * overtone > 10_000:
                        break
                    level = (1.0 if overtone % 2 else 0.62) / overtone ** (1.05 + soft)
                    sound += level * np.sin(2 * np.pi * freq * overtone * moment + overtone * 0.7)
            bellows = 0.86 + 0.14 * np.sin(np.pi * moment / held) + 0.03 * np.sin(2 * np.pi * 5.2 * moment)
            parts.append((shaped(sound * bellows, 0.035, 0.06) * 0.2, at))
        at += note.seconds
    return added(parts, lasting(list(notes)))


def flute(notes: Sequence[Note], seed: int = 3) -> Sound:
    """Return notes on a bamboo flute: nearly a sine, with its membrane's buzz, breath, and a flick before each."""
    freqs, strength, age = _line(notes, 0.15)
    flick = np.where(age < 0.055, 1.122, 1.0) * np.where(age < 0.02, 0.94, 1)
    moment = np.arange(len(freqs)) / RATE
    wide = 0.006 * np.clip((age - 0.3) / 0.4, 0, 1)
    pitch = smoothed(freqs * flick, 0.012) * (1 + wide * np.sin(2 * np.pi * 5.1 * moment))
    phase, sound = 2 * np.pi * np.cumsum(pitch) / RATE, np.zeros(len(freqs))
    for overtone, level in ((1, 1.0), (2, 0.4), (3, 0.24), (4, 0.13), (5, 0.09), (6, 0.05), (7, 0.035)):
        sound += level * np.sin(phase * overtone + overtone)
    breath = band(noise(len(freqs) / RATE, seed), 900, 7000)[: len(freqs)] * (0.035 + 0.16 * np.exp(-age / 0.03))
    return np.asarray((0.34 * sound + breath) * smoothed(strength, 0.02))


def string(freq: float, seconds: float, seed: int = 5, bright: float = 0.5, hold: float = 0.996) -> Sound:
    """Return one struck string that rings out (Karplus and Strong), in tune to the cent."""
    period = max(round(RATE / freq), 8)
    exact = RATE / freq
    chance = np.random.default_rng(seed + period)
    loop = chance.uniform(-1, 1, period)
    for _ in range(round(6 * (1 - bright))):
        loop = 0.5 * (loop + np.roll(loop, 1))
    turns = int(seconds * freq) + 3
    rows = np.empty((turns, period))
    for turn in range(turns):
        rows[turn] = loop
        loop = hold * (0.5 * loop + 0.5 * np.roll(loop, 1)) if turn % 2 else hold * loop
    ringing = rows.ravel()
    sound = np.interp(np.arange(count(seconds)) * period / exact, np.arange(len(ringing)), ringing)
    return shaped(sound - sound.mean(), 0.002, min(0.2, seconds / 3)) * 0.5


def struck(notes: Sequence[Note], ring: float = 1.6, seed: int = 5) -> Sound:
    """Return notes on struck strings (扬琴): two strings a note, which ring on."""
    parts, at = [], 0.0
    for note in notes:
        if note.freq:
            pair = string(note.freq, ring, seed) + string(note.freq * 1.0017, ring, seed + 1)
            parts.append((pair * 0.5, at))
        at += note.seconds
    return added(parts, lasting(list(notes)) + ring)


def bell(freq: float, seconds: float = 1.4) -> Sound:
    """Return one stroke on a small bell or a chime bar."""
    made = sum(level * sine(freq * ratio, seconds) * dying(seconds, seconds * life) for ratio, level, life in
               ((1, 1.0, 0.22), (2.756, 0.42, 0.1), (5.404, 0.2, 0.05), (8.93, 0.08, 0.03)))  # fmt: skip
    return np.asarray(0.4 * shaped(np.asarray(made), 0.001, 0.1))
