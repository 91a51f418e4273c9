"""Sound as arrays: noise, filters, envelopes, rooms. Everything is mono, RATE samples a second, about -1 to 1.

All of it is pure; chance comes from numbers that the caller names, so the same film sounds the same at every run.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound: TypeAlias = NDArray[np.float64]


def count(seconds: float) -> int:
    """Return how many samples so many seconds are."""
    return max(round(seconds * RATE), 1)


def times(seconds: float) -> Sound:
    """Return the moment of each sample, in seconds."""
    return np.arange(count(seconds)) / RATE


def noise(seconds: float, seed: int) -> Sound:
    """Return white noise of about 1 in strength."""
    return np.random.default_rng(seed).normal(0, 1, count(seconds))


def band(sound: Sound, low: float, high: float) -> Sound:
    """Return what of a sound lies between two frequencies, in Hz, with soft edges."""
    long = 1 << (len(sound) - 1).bit_length()  # a power of two: other lengths can take a hundred times as long
    spectrum = np.fft.rfft(sound, long)
    freqs = np.maximum(np.fft.rfftfreq(long, 1 / RATE), 1e-3)
    gain = 1 / np.sqrt((1 + (low / freqs) ** 4) * (1 + (freqs / high) ** 4))
    return np.asarray(np.fft.irfft(spectrum * gain, long)[: len(sound)])


def shaped(sound: Sound, attack: float, release: float) -> Sound:
    """Return a sound that comes within `attack` seconds and goes within `release`."""
    long = len(sound)
    rise, fall = min(count(attack), long // 2 or 1), min(count(release), long // 2 or 1)
    made = sound.copy()
    made[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    made[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return made


def dying(seconds: float, half_life: float) -> Sound:
    """Return an envelope that halves every `half_life` seconds."""
    return np.asarray(0.5 ** (times(seconds) / half_life))


def sine(freq: float | Sound, seconds: float) -> Sound:
    """Return a sine of a frequency in Hz, which may be another at each sample."""
    steps = np.broadcast_to(np.asarray(freq, dtype=float), count(seconds))
    return np.sin(2 * np.pi * np.cumsum(steps) / RATE)


def smoothed(values: Sound, seconds: float) -> Sound:
    """Return values as the mean of so many seconds about each: a slide where there was a step."""
    half = max(count(seconds) // 2, 1)
    padded = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
    total = np.cumsum(padded)
    return np.asarray((total[2 * half :] - total[: -2 * half]) / (2 * half))


def added(sounds: list[tuple[Sound, float]], seconds: float) -> Sound:
    """Return sounds put together, each from its own second on; what lies beyond `seconds` is cut off."""
    total = np.zeros(count(seconds))
    for sound, at in sounds:
        start = max(round(at * RATE), 0)
        end = min(start + len(sound), len(total))
        if end > start:
            total[start:end] += sound[: end - start]
    return total


def in_room(sound: Sound, seconds: float, wet: float, seed: int = 7, bright: float = 4500) -> Sound:
    """Return a sound as it is heard in a room that rings for so many seconds; `wet` is how much of it is the room."""
    tail = band(noise(seconds, seed), 200, bright) * dying(seconds, seconds / 8)
    tail[: count(0.004)] = 0
    tail /= np.sqrt(np.sum(tail**2))
    long = 1 << (len(sound) + len(tail) - 1).bit_length()
    rung = np.fft.irfft(np.fft.rfft(sound, long) * np.fft.rfft(tail, long), long)[: len(sound) + len(tail)]
    whole = np.zeros(len(rung))
    whole[: len(sound)] = sound
    return whole + wet * rung


def echoed(sound: Sound, gap: float, strength: float, often: int = 3) -> Sound:
    """Return a sound that comes back from afar `often` times, each `strength` as strong as the one before."""
    copies = [(sound * strength**number, gap * number) for number in range(often + 1)]
    return added(copies, len(sound) / RATE + gap * often)
