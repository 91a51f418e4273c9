"""How a film's sound is put together: its own, what is heard under it, and one loudness for all films.

Loudness is levelled in two passes (EBU R128): measured, then raised or lowered as a whole to -16 LUFS, as phones play
it; peaks stay below -1.5 dBTP. What lies under a film's own sound is 18 dB softer; alone it is 10 dB softer, half as
loud to the ear: a projector's hum is no speech. Of several sounds of a file (a recorder's channels) the first one is
taken in which anything is heard.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from cunbo.core.refusal import Refusal
from cunbo.film import encode, leader
from cunbo.film.encode import FilterGraph
from cunbo.film.sound.mix import LOUDNESS

UNDER = 18.0
"""Decibels by which a bed is softer than what is said above it."""
ALONE = 10.0
"""Decibels by which a bed that is heard alone is softer than films are."""
TRACKS = 4
"""Sounds of a file that are listened to."""
MOST = 30.0
"""Decibels by which sound is raised at most: more would bring up nothing but the microphone."""
SILENT = -65.0
LEVEL = "loudnorm=I={target}:TP=-1.5:LRA=20"
MONO = "aresample=48000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=mono"


@dataclass(frozen=True)
class HeardPart:
    """A sound that is laid into a film: its file, from which second and how long it is read, at which it is heard."""

    path: Path
    start: float = 0.0
    seconds: float | None = None
    at: float = 0.0
    looped: bool = False
    down: float = 0.0
    """Decibels by which it is softer than a film's own sound."""
    track: int = 0
    """Which of the file's sounds it is."""

    def read(self, graph: FilterGraph) -> str:
        """Add the file to the graph, and return the label of its sound."""
        how = ["-stream_loop", "-1"] if self.looped else []
        how += ["-ss", f"{self.start:.3f}"] if self.start else []
        how += ["-t", f"{self.seconds:.3f}"] if self.seconds is not None else []
        return f"[{graph.read(self.path, *how)}:a:{self.track}]"


@dataclass(frozen=True)
class Levelled:
    """A part with the filter that brings it to its loudness."""

    part: HeardPart
    filter: str


def level(part: HeardPart) -> Levelled | None:
    """Measure a part, and return how it is levelled; None where it is silent, or cannot be heard at all."""
    tracks = (replace(part, track=number) for number in range(TRACKS))
    return next((found for each in tracks if (found := _measured(each))), None)


def _measured(part: HeardPart) -> Levelled | None:
    graph = FilterGraph()
    label = part.read(graph)
    try:
        chain = f"{label}{MONO},{LEVEL.format(target=LOUDNESS)}:print_format=json[out]"
        said = encode.ask(*graph.inputs, "-filter_complex", chain, "-map", "[out]", "-f", "null", "-")
        found = {name: float(value) for name, value in json.loads(_last_json(said)).items() if name.startswith("input")}
    except (Refusal, ValueError):
        return None
    if not found["input_i"] > SILENT:
        return None
    target = min(LOUDNESS - part.down, found["input_i"] + MOST)
    measured = ":".join(
        f"measured_{name}={found[f'input_{key}']}" for name, key in (("I", "i"), ("TP", "tp"), ("LRA", "lra"))
    )
    ways = f"{LEVEL.format(target=target)}:{measured}:measured_thresh={found['input_thresh']}:linear=true"
    return Levelled(part, f"{ways},aresample=48000")


def mix(graph: FilterGraph, parts: list[Levelled], seconds: float, pop: bool = False) -> str | None:
    """Add the parts to the graph, mixed and so many seconds long, and return their label; None where nothing is heard.

    With `pop` the countdown's short note is among them.
    """
    if not parts:
        return None
    labels = []
    for number, each in enumerate(parts):
        later = f",adelay={round(each.part.at * 1000)}:all=1" if each.part.at else ""
        labels.append(graph.add(f"{each.part.read(graph)}{MONO},{each.filter}{later}", f"heard{number}"))
    if pop:
        note = f"aevalsrc='0.12*sin(2*PI*1000*t)':s=48000:d=0.06,adelay={round(leader.POP * 1000)}:all=1"
        labels.append(graph.add(f"{note},aformat=sample_fmts=fltp:channel_layouts=mono", "pop"))
    mixed = f"amix=inputs={len(labels)}:normalize=0:duration=longest," if len(labels) > 1 else ""
    ends = f"apad,atrim=0:{seconds:.3f},afade=t=out:st={max(0, seconds - 0.25):.3f}:d=0.25"
    return graph.add(f"{''.join(labels)}{mixed}{ends}", "mixed")


def _last_json(said: str) -> str:
    found = re.findall(r"\{[^{}]*\}", said)
    return found[-1] if found else ""
