"""What is heard in each of the drawn films. The melodies are our own, in the five tones of folk songs.

Times are seconds of the film: whoever moves a shot moves its sounds, and looks whether captions still fit.
"""

import numpy as np

from cunbo.film.sound import noises
from cunbo.film.sound.instruments import accordion, bell, erhu, flute, string, struck
from cunbo.film.sound.mix import Score, loudspeaker, radio
from cunbo.film.sound.notation import lasting, melody
from cunbo.film.sound.signal import Sound, in_room

RIDGES = "6,-- 1 | 2- 3- | 5. 3/ 2 1 | 6,---"
BERRIES = "3 5 6- | 1'. 6/ 5- | 6 5 3 2 | 3---"
THREADS = "5 6 1'- | 2'. 1'/ 6 5 | 3 5 2 1 | 2---"
SEEDS = "3. 5/ 2 1 | 6,---"
KITCHEN = "5/ 6/ 5/ 3/ | 2/ 3/ 5 | 6/ 1'/ 6/ 5/ | 3- | 5/ 6/ 5/ 3/ | 2/ 1/ 2/ 3/ | 5/ 3/ 2/ 1/ | 1-"
JAR = "1' 6/ 5/ | 6/ 5/ 3 | 5 3/ 2/ | 3- | 1' 6/ 5/ | 6/ 1'/ 5 | 3/ 5/ 2/ 3/ | 1-"
MORNING = "3 5/ 6/ | 5 3 | 2/ 3/ 2/ 1/ | 2- | 3 5/ 6/ | 1' 6 | 5/ 6/ 5/ 3/ | 5-"
SUN = "6 1'/ 2'/ | 1' 6 | 5/ 6/ 5/ 3/ | 2- | 3/ 5/ 3/ 2/ | 1 6, | 2/ 3/ 2/ 1/ | 1-"
CALL = "1 3 5 1' | 5- 3- | 2 3 5- "
WALTZ = "6, 1 3 | 3- 2 | 1 2 1 | 6,-- | 6, 1 3 | 5- 3 | 2 3 1 | 2-- | 3 5 6 | 6- 5 | 3 5 3 | 2-- | 1 2 3 | 2 1 6,"
LANTERN = "6, 1 2 | 3-- | 5 3 2 | 1-- | 2 3 5 | 6--"
ROAD = "1' 6 5 | 3-- | 5 3 2 | 1 2 3 | 2 1 6, | 1-- | 1--"


def _begin(seconds: float) -> Score:
    """Return a score with what each film has: the projector, the old track, the pips of the leader."""
    score = Score(seconds)
    score.add(noises.fading(noises.projector(3.4), 1, 0.5), 0, 0.16)
    score.add(noises.projector(seconds - 3), 3, 0.022)
    score.add(noises.crackle(seconds), 0, 0.1)
    for second in range(3):
        score.add(noises.pip(1000 if second < 2 else 1250), second, 0.16)
    return score


def _plucked(sheet: str, key: str, beat: float, octave: int = 3, ring: float = 2.2) -> Sound:
    return struck(melody(sheet, key, beat, octave), ring)


def _steps(score: Score, when: tuple[float, float, float], strength: float, high: float = 2600) -> None:
    """Add steps: `when` is the first, the end, and the pause between two of them, in seconds."""
    for number, at in enumerate(np.arange(*when)):
        score.add(noises.step(70 + number, 300, high), float(at), strength * (0.8 + 0.2 * (number % 2)))


def mountain(seconds: float) -> Score:
    """Return the sound of the film about the mountain: an erhu, the forest, a bird, the pick."""
    score, beat = _begin(seconds), 0.93
    score.add(noises.wind(24), 3, 0.16)
    score.add(noises.wind(16, 23, 500), 41, 0.13)
    for sheet, at in ((RIDGES, 3.9), (BERRIES, 24.1), (THREADS, 39.2), (SEEDS, 54.0)):
        tempo = beat if sheet != SEEDS else 0.62
        score.add(in_room(erhu(melody(sheet, "D", tempo)), 2.2, 0.55), at, 0.34)
    for sheet, at in (
        ("1,- 5,- | 6,- 3- | 1- 5,- | 6,- 3-", 3.9),
        ("6,- 3- | 1- 5- | 4- 1'- | 6,- 3-", 24.1),
        ("1- 5- | 2- 6- | 1- 5,- | 5,- 2-", 39.2),
    ):
        score.add(in_room(_plucked(sheet, "D", beat), 1.8, 0.35), at, 0.26)
    for number, at in enumerate((8.2, 9.6, 12.6, 15.2, 16.4, 28.6, 43.5)):
        score.add(noises.bird(31 + number), at, 0.055)
    score.add(noises.cuckoo(), 10.2, 0.07)
    score.add(noises.cuckoo(), 13.9, 0.05)
    _steps(score, (11.6, 17.2, 0.59), 0.3)
    for number in range(6):
        score.add(noises.rustle(0.5, 80 + number), 17.8 + 0.55 * number, 0.2)
    score.add(noises.bird(90, 3700, 6), 21.7, 0.2)
    for number in range(9):  # its wings
        score.add(noises.rustle(0.07, 95 + number), 22.35 + 0.16 * number, 0.2)
    score.add(noises.bird(91, 3900, 5), 25.6, 0.16)
    score.add(noises.rustle(1.2, 101), 28.2, 0.1)
    for number in range(15):
        score.add(noises.scrape(110 + number, 0.26 + 0.1 * (number % 3)), 31.9 + 0.68 * number, 0.3 - 0.011 * number)
    score.add(noises.rustle(0.9, 140), 42.6, 0.16)
    for number in range(5):
        score.add(noises.thud(240, 0.08, 150 + number, 0.9), 48.4 + 0.18 * number, 0.1)
    score.add(noises.scrape(160, 0.7, 2400), 49.6, 0.3)
    score.add(noises.scrape(161, 0.6, 2400), 50.4, 0.25)
    return score


def _kitchen_band(sheet: str, beat: float, basses: str) -> Sound:
    lead = accordion(melody(sheet, "G", beat))
    chords = np.zeros(0)
    for octave, shift in ((3, "1 5 | 1 5 | 1 5 | 1 5 |"), (3, "3 7 | 3 7 | 3 7 | 3 7 |")):
        offbeat = " ".join(f"0/ {word}/" for word in (shift * 2).replace("|", " ").split())
        played = accordion(melody(offbeat, "G", beat, octave), 0.4) * 0.42
        chords = played if not len(chords) else chords + played[: len(chords)]
    low = struck(melody(basses, "G", beat, 2), 0.6)
    whole = np.zeros(max(len(lead), len(low), len(chords)))
    for part, strength in ((lead, 1.0), (chords, 0.5), (low, 0.9)):
        whole[: len(part)] += part * strength
    return whole


def cabbage(seconds: float) -> Score:
    """Return the sound of the film about the jar: an accordion, the kitchen, a hushed night, seven days of bubbles."""
    score, beat = _begin(seconds), 0.5
    basses = "1 5, | 1 5, | 6, 3 | 1 5, | 1 5, | 2 5, | 5, 5, | 1 1"
    for sheet, at in ((KITCHEN, 3.1), (JAR, 12.0), (KITCHEN, 21.3), (JAR, 30.9)):
        sound = in_room(_kitchen_band(sheet, beat, basses), 0.9, 0.28)
        if at == 12.0:  # the night comes down upon it
            sound = sound[: round(5.2 * 48_000)] * np.linspace(1, 0.0, round(5.2 * 48_000)) ** 0.7
        score.add(sound, at, 0.3)
    score.add(in_room(_plucked("3'- 2' 1' | 6- 5- | 3- 5 6 | 5-", "G", 0.44, 4, 2.6), 2.4, 0.6), 17.2, 0.3)
    score.add(noises.wind(7, 25, 520), 3, 0.14)
    score.add(noises.wind(4.4, 26, 520), 17, 0.22)
    score.add(noises.chop(), 10.72, 0.5)
    score.add(noises.thud(120, 0.2, 42), 11.9, 0.2)
    score.add(noises.sprinkle(3.4), 13.5, 0.2)
    for number in range(6):
        score.add(noises.scrape(200 + number, 0.4, 3000), 21.7 + 0.44 * number, 0.22)
        score.add(noises.thud(300, 0.1, 210 + number, 0.7), 21.4 + 0.15 * number, 0.16)
    for number in range(10):
        score.add(noises.rustle(0.3, 220 + number), 24.6 + 0.57 * number, 0.16)
    score.add(in_room(flute(melody("5/ 6/ 1'/ 3'/ 0 6'//", "G", 0.34, 4)), 0.8, 0.3), 28.1, 0.2)
    for number in range(4):
        score.add(noises.thud(150, 0.2, 240 + number, 0.7), 31.5 + number, 0.26)
        score.add(noises.rustle(0.3, 250 + number), 31.3 + number, 0.16)
    score.add(noises.rustle(0.8, 260), 35.7, 0.22)
    score.add(noises.scrape(261, 0.5, 5200), 37.0, 0.2)
    score.add(noises.thud(200, 0.15, 262), 38.0, 0.2)
    for day in range(7):
        score.add(string((392, 440, 494, 587, 659, 784, 880)[day], 1.2, 270, 0.6), 39.2 + 0.72 * day, 0.4)
        score.add(noises.rustle(0.24, 271 + day), 39.6 + 0.72 * day, 0.14)
    score.add(noises.bubbling(5), 39.3, 0.13)
    score.add(
        in_room(
            accordion(melody("5 6/ 5/ | 3 2 | 3/ 5/ 6 | 5- | 6/ 1'/ 6/ 5/ | 3/ 5/ 2/ 3/ | 1-- 0", "G", 0.62)), 1.2, 0.35
        ),
        44.6,
        0.3,
    )
    score.add(in_room(_plucked("1 5 | 1 5 | 6, 3 | 1 5 | 4 1' | 5, 5 | 1 5 1'-", "G", 0.62), 1.2, 0.3), 44.6, 0.26)
    score.add(noises.thud(900, 0.05, 280, 0.8), 46.6, 0.12)
    return score


def noodles(seconds: float) -> Score:
    """Return the sound of the film about noodles: night, a cock, the loudspeaker, a flute with the sun."""
    score, beat = _begin(seconds), 0.61
    score.add(noises.wind(9, 27, 420), 3, 0.1)
    for number in range(11):  # crickets would be summer: a clock behind the window
        score.add(noises.tick(number % 2 == 0), 3.4 + 0.5 * number, 0.05)
    score.add(in_room(_plucked("6,- 3- | 1- 2- | 3---", "D", 0.5, 4, 3), 2.6, 0.6), 3.8, 0.2)
    score.add(noises.thud(500, 0.06, 290, 0.9), 8.0, 0.22)
    score.add(in_room(noises.cock(), 1.6, 0.4), 9.1, 0.3)
    score.add(loudspeaker(sum_of(melody_bells(CALL, 0.34))), 10.3, 0.3)
    score.add(noises.match(), 11.9, 0.3)
    score.add(noises.fire(4.2), 12.6, 0.34)
    score.add(noises.creak(1.6), 16.6, 0.3)
    score.add(in_room(flute(melody("3 5/ 6/ | 5/ 3// 2// 0", "D", beat, 5)), 1.4, 0.4), 16.2, 0.24)
    score.add(in_room(flute(melody("3/ 2// 1// 6,-", "D", beat * 1.2, 5)), 1.4, 0.4), 18.6, 0.2)
    for number in range(9):
        score.add(noises.thud(600, 0.05, 300 + number, 0.9), 17.2 + 0.26 * number, 0.1)
    score.add(noises.pouring(2.6), 20.8, 0.34)
    score.add(noises.bubbling(3, 48), 21.4, 0.1)
    for number in range(8):
        score.add(noises.thud(95, 0.26, 310 + number, 0.3), 24.7 + 0.6 * (number % 6) * 1.0, 0.3 if number < 6 else 0)
    score.add(noises.creak(2.4, 56), 28.7, 0.26)
    for sheet, at in ((MORNING, 20.5), (SUN, 30.4), (MORNING, 40.3)):
        score.add(in_room(flute(melody(sheet, "D", beat, 5)), 1.8, 0.5), at, 0.26)
        low = (
            "1/ 5/ 1'/ 5/ " * 2
            + "6,/ 3/ 6/ 3/ " * 2
            + "1/ 5/ 1'/ 5/ "
            + "2/ 6/ 2'/ 6/ "
            + "5,/ 2/ 5/ 2/ "
            + "1/ 5/ 1'-"
        )
        score.add(in_room(_plucked(low, "D", beat, 4, 1.4), 1.2, 0.3), at, 0.24)
    score.add(noises.wind(7.4, 29, 900), 32.8, 0.2)
    for number, at in enumerate((33.4, 35.1, 36.6, 38.2, 41.0, 43.2)):
        score.add(noises.bird(320 + number), at, 0.07)
    score.add(noises.thud(900, 0.05, 330, 0.8), 41.0, 0.1)
    return score


def melody_bells(sheet: str, beat: float) -> list[tuple[Sound, float]]:
    """Return a call on chime bars, each with the second at which it is struck."""
    struck_at, at = [], 0.0
    for note in melody(sheet, "F", beat, 5):
        if note.freq:
            struck_at.append((bell(note.freq), at))
        at += note.seconds
    return struck_at


def sum_of(parts: list[tuple[Sound, float]]) -> Sound:
    """Return sounds put together, as long as they last."""
    end = max(at + len(sound) / 48_000 for sound, at in parts)
    score = Score(end)
    for sound, at in parts:
        score.add(sound, at)
    return score.mixed()


def courier(seconds: float) -> Score:
    """Return the sound of the film about the night: a waltz on the radio till the power fails; then an erhu alone."""
    score, beat = _begin(seconds), 0.6
    notes = melody(WALTZ, "F", beat)
    lead = accordion(notes)
    beats = " ".join("1, 5/ 5/ 5/ 5/" if bar % 4 < 2 else "6,, 3/ 3/ 3/ 3/" for bar in range(14))
    low = accordion(melody(beats, "F", beat, 3), 0.5)
    size = min(len(lead), len(low))
    waltz = noises.running_down(radio(lead[:size] + 0.45 * low[:size]), 29.2 - 3.6)
    score.add(in_room(waltz, 0.7, 0.25), 3.6, 0.36)
    score.add(noises.wind(7, 33, 480), 3, 0.2)
    score.add(noises.wind(16, 34, 420), 28.6, 0.13)
    for number in range(30):
        score.add(noises.tick(number % 2 == 0), 9.2 + 0.5 * number, 0.05)
    for number in range(12):
        score.add(noises.tick(number % 2 == 0), 29.3 + 0.5 * number, 0.12)
    for number in range(4):
        score.add(noises.rustle(0.5, 340 + number), 13.8 + 0.5 * number, 0.22)
    score.add(noises.thud(130, 0.25, 345), 17.0, 0.3)
    score.add(noises.tape(1.2), 17.9, 0.36)
    score.add(noises.tape(1.0, 60), 19.6, 0.36)
    score.add(noises.scrape(350, 0.12, 8000), 20.75, 0.4)
    score.add(noises.thud(80, 0.3, 351, 0.6), 22.1, 0.6)
    for number in range(8):
        score.add(noises.thud(105, 0.25, 352 + number, 0.4), 23.7 + 0.55 * number, 0.3)
    _steps(score, (23.6, 28.0, 0.42), 0.12, 1400)
    for at in (28.72, 29.02, 29.2):
        score.add(noises.thud(420, 0.06, 370, 1.0), at, 0.2)
    score.add(noises.match(), 31.2, 0.36)
    score.add(noises.fire(2.6, 371), 32.4, 0.07)
    score.add(noises.scrape(372, 0.3, 6000), 33.4, 0.14)
    score.add(in_room(erhu(melody(LANTERN, "F", 0.72)), 2.0, 0.5), 34.6, 0.32)
    score.add(noises.rustle(0.5, 373), 35.1, 0.2)
    score.add(noises.thud(160, 0.2, 374), 38.3, 0.2)
    score.add(noises.engine(6), 38.8, 0.3)
    score.add(noises.fading(noises.engine(5.4, 63, 1.7), 1, 0.05), 44.2, 0.36)
    for number in range(6):
        score.add(noises.thud(100, 0.25, 380 + number, 0.4), 40.2 + 0.62 * number, 0.32)
    _steps(score, (39.4, 44.0, 0.62), 0.16, 5200)
    road = melody(ROAD, "F", 0.6)
    at = 47.6 + 12.9 - lasting(road) - 5.5
    score.add(in_room(erhu(road), 2.0, 0.5), at, 0.3)
    score.add(in_room(accordion(melody(ROAD, "F", 0.6, 3), 0.3), 1.4, 0.4), at, 0.2)
    score.add(
        in_room(_plucked("1 5 1' | 6, 3 6 | 1 5 1' | 4 1' 4' | 5, 2 5 | 1 5 1' | 1'--", "F", 0.6), 1.4, 0.3), at, 0.22
    )
    return score
