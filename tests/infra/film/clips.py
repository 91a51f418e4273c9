"""Clips that ffmpeg draws, and what is seen and heard in those that were made of them."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

from cunbo.film.encode import program
from PIL import Image


def drawn(path: Path, source: str, *how: str | bytes) -> Path:
    """A clip of a source of ffmpeg's."""
    command = [program(), "-v", "error", "-y", "-f", "lavfi", "-i", source, *how, str(path)]
    subprocess.run(command, check=True)
    return path


def frame(path: Path, at: float = 1.0) -> Image.Image:
    """The picture of a film at a second."""
    command = [program(), "-v", "error", "-ss", f"{at:.2f}", "-i", str(path), "-frames:v", "1"]
    made = subprocess.run([*command, "-f", "image2pipe", "-c:v", "png", "-"], capture_output=True, check=True).stdout
    return Image.open(BytesIO(made)).convert("RGB")


def loudness(path: Path) -> float | None:
    """The loudness of a film in LUFS; None where it has no sound."""
    command = [program(), "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True).stderr.decode(errors="replace")
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", said)
    return float(found[-1]) if found else None
