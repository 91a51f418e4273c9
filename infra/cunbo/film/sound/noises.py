"""Noises of the work, the place and the projector, each a few lines of filtered chance."""

from math import sin

import numpy as np

from cunbo.film.sound.signal import RATE, Sound, added, band, count, dying, echoed, noise, shaped, sine, smoothed, times


def projector(seconds: float, seed: int = 11) -> Sound:
    """Return the projector: a hum of the mains and its motor, and the claw that pulls 24 pictures a second."""
    moment = times(seconds)
    hum = 0.3 * sine(100, seconds) + 0.16 * sine(200, seconds) + 0.1 * sine(50, seconds)
    claw = np.exp(-((moment * 24) % 1) * 9) * (0.8 + 0.2 * np.sin(2 * np.pi * 0.7 * moment))
    return np.asarray(
        0.35 * hum
        + 0.6 * band(noise(seconds, seed), 700, 4200) * claw
        + 0.04 * band(noise(seconds, seed + 1), 300, 6000)
    )


def crackle(seconds: float, seed: int = 12, often: float = 3.0) -> Sound:
    """Return the crackle of an old sound track: `often` specks a second."""
    chance = np.random.default_rng(seed)
    specks = [(band(noise(0.004, seed + n), 1500, 9000) * chance.uniform(0.3, 1.0), float(at)) for n, at in
              enumerate(chance.uniform(0, seconds, int(often * seconds)))]  # fmt: skip
    return added(specks, seconds)


def pip(freq: float = 1000, seconds: float = 0.09) -> Sound:
    """Return the pip of a countdown leader."""
    return shaped(sine(freq, seconds), 0.005, 0.01)


def wind(seconds: float, seed: int = 21, high: float = 700) -> Sound:
    """Return wind that comes and goes."""
    gusts = smoothed(np.abs(noise(seconds, seed)), 1.6)
    gusts = (gusts - gusts.min()) / (float(np.ptp(gusts)) or 1)
    return shaped(band(noise(seconds, seed + 1), 120, high) * (0.25 + 0.75 * gusts), 0.6, 0.8)


def bird(seed: int = 31, base: float = 3200, notes: int = 4) -> Sound:
    """Return a short song of a small bird."""
    chance, parts, at = np.random.default_rng(seed), [], 0.0
    for _ in range(notes):
        long = float(chance.uniform(0.06, 0.14))
        start, end = base * chance.uniform(0.85, 1.2, 2)
        parts.append((shaped(sine(np.linspace(start, end, count(long)), long), 0.015, 0.03), at))
        at += long + float(chance.uniform(0.03, 0.09))
    return added(parts, at)


def cuckoo() -> Sound:
    """Return a cuckoo far off: a falling third."""
    first, second = shaped(sine(659, 0.2), 0.03, 0.08), shaped(sine(523, 0.34), 0.03, 0.16)
    return echoed(added([(first, 0), (second, 0.3)], 0.7), 0.31, 0.3, 2)


def cock(seconds: float = 1.9) -> Sound:
    """Return a cock's crow: four cries, the third and the last of them held, each a rough tone that bends."""
    parts = []
    for at, long, freqs in (
        (0, 0.16, (560, 720)),
        (0.24, 0.16, (640, 760)),
        (0.46, 0.42, (760, 940)),
        (0.92, 0.9, (980, 620)),
    ):
        path = np.interp(np.linspace(0, 1, count(long)), (0, 0.25, 1), (freqs[0], max(freqs), freqs[1]))
        tone = sum(sine(path * k * (1 + 0.004 * sin(k)), long) / k**0.8 for k in range(1, 9))
        rough = 1 + 0.35 * np.sin(2 * np.pi * 62 * times(long))
        parts.append((shaped(band(np.asarray(tone) * rough, 700, 3600), 0.03, 0.12), at))
    return added(parts, seconds) * 0.5


def step(seed: int, low: float = 300, high: float = 2600) -> Sound:
    """Return one step: on leaves, or higher and longer on snow."""
    crush = np.abs(smoothed(noise(0.2, seed), 0.004))
    return shaped(band(noise(0.2, seed + 1), low, high) * crush / (crush.max() or 1), 0.02, 0.12)


def scrape(seed: int, seconds: float = 0.3, high: float = 3800) -> Sound:
    """Return a pick in soil, a spoon on enamel: a short rub, with its grains."""
    grains = np.abs(smoothed(noise(seconds, seed), 0.002)) ** 1.5
    return shaped(band(noise(seconds, seed + 1), 500, high) * grains / (grains.max() or 1), 0.05, 0.12)


def thud(freq: float = 90, seconds: float = 0.28, seed: int = 41, click: float = 0.4) -> Sound:
    """Return something heavy set down: a stamp, dough on a board, a carton."""
    body = sine(freq * (1 + 0.6 * dying(seconds, 0.02)), seconds) * dying(seconds, 0.045)
    return np.asarray(body + click * band(noise(seconds, seed), 400, 3000) * dying(seconds, 0.008))


def chop(seed: int = 43) -> Sound:
    """Return a blade that goes through cabbage onto the board: a crunch, then wood."""
    crunch = band(noise(0.2, seed), 900, 6500) * np.abs(smoothed(noise(0.2, seed + 1), 0.003)) * dying(0.2, 0.06)
    return added([(crunch * 6, 0), (thud(170, 0.25, seed, 0.8), 0.13)], 0.5)


def sprinkle(seconds: float, seed: int = 45) -> Sound:
    """Return salt that falls on leaves."""
    chance = np.random.default_rng(seed)
    grains = [(band(noise(0.006, seed + n % 40), 4000, 12_000) * chance.uniform(0.2, 1), float(at)) for n, at in
              enumerate(chance.uniform(0, seconds, int(70 * seconds)))]  # fmt: skip
    return added(grains, seconds)


def bubbling(seconds: float, seed: int = 47, often: float = 14) -> Sound:
    """Return bubbles: each a tone that rises and is gone."""
    chance, parts = np.random.default_rng(seed), []
    for at in chance.uniform(0, seconds, int(often * seconds)):
        base = float(chance.uniform(350, 900))
        path = base * (1 + 0.7 * np.linspace(0, 1, count(0.05)))
        parts.append((shaped(sine(path, 0.05) * float(chance.uniform(0.2, 0.7)), 0.008, 0.03), float(at)))
    return added(parts, seconds)


def pouring(seconds: float, seed: int = 49) -> Sound:
    """Return boiling water that is poured: a rush whose pitch climbs as the bowl fills."""
    rush = band(noise(seconds, seed), 500, 5200) * (0.6 + 0.4 * np.abs(smoothed(noise(seconds, seed + 1), 0.02)))
    return shaped(rush + 0.6 * bubbling(seconds, seed + 2, 40), 0.15, 0.3)


def fire(seconds: float, seed: int = 51) -> Sound:
    """Return a fire of straw: a low rush, and cracks."""
    return shaped(0.5 * band(noise(seconds, seed), 90, 900) + 1.4 * crackle(seconds, seed + 1, 16), 0.5, 0.4)


def match(seed: int = 53) -> Sound:
    """Return a match that is struck and flares."""
    rub, flare = scrape(seed, 0.16, 7000), band(noise(0.7, seed + 1), 1200, 8000) * dying(0.7, 0.14)
    return added([(rub * 1.4, 0), (shaped(flare, 0.03, 0.2), 0.15)], 0.9)


def creak(seconds: float = 1.4, seed: int = 55) -> Sound:
    """Return wood under load: a press, a door."""
    moment = times(seconds)
    rate = 34 + 16 * np.sin(2 * np.pi * 0.6 * moment) + 14 * moment
    ticks = np.maximum(sine(rate, seconds), 0) ** 14
    return shaped(band(ticks * (1 + 0.3 * noise(seconds, seed)), 300, 2200), 0.2, 0.3)


def rustle(seconds: float, seed: int = 57) -> Sound:
    """Return cloth, straw or paper that is moved."""
    folds = np.abs(smoothed(noise(seconds, seed), 0.03))
    return shaped(band(noise(seconds, seed + 1), 1400, 8500) * folds / (folds.max() or 1), 0.08, 0.15)


def tape(seconds: float = 1.1, seed: int = 59) -> Sound:
    """Return tape pulled off its roll: a ripping tone that climbs."""
    moment = times(seconds)
    teeth = np.maximum(sine(240 + 190 * moment / seconds, seconds), 0) ** 5
    return shaped(band((teeth + 0.15) * noise(seconds, seed), 900, 7000), 0.05, 0.04)


def tick(high: bool) -> Sound:
    """Return a clock's tick, or its tock."""
    freq = 2300 if high else 1750
    return np.asarray(sine(freq, 0.05) * dying(0.05, 0.006) + 0.3 * sine(freq / 3, 0.05) * dying(0.05, 0.012))


def engine(seconds: float, seed: int = 61, pace: float = 1.0) -> Sound:
    """Return a truck's engine: firing strokes, rough, over a low rumble; `pace` of 1 is idling."""
    moment = times(seconds)
    rate = 26 * pace * (1 + 0.03 * np.sin(2 * np.pi * 0.9 * moment))
    strokes = np.maximum(sine(rate, seconds), 0) ** 6
    made = band(strokes * (1 + 0.5 * noise(seconds, seed)), 60, 900) + 0.3 * band(noise(seconds, seed + 1), 40, 240)
    return shaped(made, 0.5, 0.8)


def fading(sound: Sound, start: float, end: float) -> Sound:
    """Return a sound whose strength goes from `start` to `end`."""
    return sound * np.linspace(start, end, len(sound))


def running_down(sound: Sound, at: float, seconds: float = 0.7) -> Sound:
    """Return a sound whose player loses its power at that second: slower, lower, silent."""
    start, long = count(at), count(seconds)
    speed = np.linspace(1, 0, long) ** 1.3
    places = start + np.cumsum(speed)
    tail = np.interp(places, np.arange(len(sound)), sound) * np.linspace(1, 0.2, long)
    return np.concatenate([sound[:start], shaped(tail, 1 / RATE, 0.1)])
