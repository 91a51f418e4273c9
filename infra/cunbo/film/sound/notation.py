"""Melodies in numbered notation (简谱), as Chinese song sheets have them.

`1` to `7` are degrees of the major scale, `0` is a rest. After the digit: `'` an octave up, `,` one down, `-` a beat
longer, `.` half as long again, `/` half as long; bars `|` are for the eye. So `6,- 1/ 2/` is two beats and two halves.
"""

import re
from typing import NamedTuple

SCALE = (0, 2, 4, 5, 7, 9, 11)
KEYS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
NOTE = re.compile(r"([0-7])([',]*)([-./]*)")


class Note(NamedTuple):
    """One note: its frequency in Hz (0: a rest) and its length in seconds."""

    freq: float
    seconds: float


def melody(sheet: str, key: str, beat: float, octave: int = 4) -> list[Note]:
    """Return the notes of a sheet, whose `1` is `key` in that octave, with beats of so many seconds.

    Raises ValueError for what is no note.
    """
    notes = []
    for word in sheet.replace("|", " ").split():
        read = NOTE.fullmatch(word)
        if not read:
            raise ValueError(f"{word} is no note")
        degree, octaves, length = int(read[1]), read[2], read[3]
        beats = 1.0 + length.count("-")
        beats = beats * 0.5 ** length.count("/") * 1.5 ** length.count(".")
        freq = 0.0
        if degree:
            steps = KEYS[key] + SCALE[degree - 1] + 12 * (octave + octaves.count("'") - octaves.count(","))
            freq = 440 * 2 ** ((steps - 57) / 12)
        notes.append(Note(freq, beats * beat))
    return notes


def lasting(notes: list[Note]) -> float:
    """Return how many seconds notes take."""
    return sum(note.seconds for note in notes)
