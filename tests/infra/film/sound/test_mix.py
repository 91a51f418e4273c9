"""Every mix comes to the loudness of broadcasts, whatever went into it."""

from pathlib import Path

import numpy as np
import pytest
from cunbo.core.refusal import Refusal
from cunbo.film.sound import mix, noises
from cunbo.film.sound.mix import LOUDNESS, PEAK, SPREAD, Score
from cunbo.film.sound.signal import RATE, Sound, noise, sine
from hypothesis import given, settings
from hypothesis import strategies as st


def clicks() -> Sound:
    """Silence with single samples at full strength: the worst for a true peak."""
    sound = noise(3, 1) * 0.002
    sound[:: RATE // 7] = 1
    return sound


@pytest.mark.parametrize(
    "sound",
    [sine(440, 3), 0.001 * sine(440, 3), 30 * sine(997, 3), noise(3, 2), clicks(), noises.chop(), noises.pouring(2)],
    ids=["tone", "faint", "far too loud", "noise", "clicks", "chop", "pouring"],
)
def test_a_sound_is_brought_to_the_loudness_of_broadcasts(sound: Sound, tmp_path: Path) -> None:
    told = mix.master(sound, tmp_path / "a.wav")
    found = mix.measure(tmp_path / "a.wav")
    assert found == told
    assert abs(found.integrated - LOUDNESS) <= SPREAD and found.peak <= PEAK


@pytest.mark.parametrize("sound", [np.zeros(RATE), np.zeros(1)])
def test_silence_is_refused(sound: Sound, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="silent"):
        mix.master(sound, tmp_path / "a.wav")


def test_what_has_no_sound_cannot_be_measured(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(Refusal, match="ffmpeg stopped"):
        mix.measure(tmp_path / "a.wav")


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-1, 3), st.floats(0, 2)), max_size=6), st.floats(0.4, 2))
def test_a_score_is_as_long_as_its_film_wherever_its_sounds_lie(sounds: list[tuple[float, float]], long: float) -> None:
    score = Score(long)
    for at, strength in sounds:
        score.add(noises.pip(), at, strength)
    whole = score.mixed()
    assert len(whole) == round(long * RATE) and np.isfinite(whole).all()


@given(st.floats(0.05, 1), st.floats(-100, 100))
def test_nothing_passes_the_ceiling_and_soft_sounds_stay_as_they_are(ceiling: float, value: float) -> None:
    [made] = mix.bent(np.array([value]), ceiling)
    assert abs(made) <= ceiling + 1e-9
    assert abs(value) > 0.7 * ceiling or made == pytest.approx(value)
