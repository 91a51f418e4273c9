"""What captions (WebVTT) must be, so that players show every cue of them while the film runs."""

from storefront.read.faults import Report, fault
from storefront.read.forms import shown
from storefront.read.frontmatter import UNPRINTABLE
from storefront.read.media import captions


def check(text: str, seconds: int | None, report: Report) -> None:
    """Report what is wrong with the captions of a clip of so many seconds; None where nobody knows its length."""
    lines = text.split("\n")
    if captions.is_srt(text):
        report(1, *fault("captions_srt"))  # each of its times would be a fault, too
        return
    if not captions.FIRST.fullmatch(lines[0]):
        report(1, *fault("captions_first"))
    arrows = [number for number, line in enumerate(lines, 1) if "-->" in line]
    if not arrows:
        report(1, *fault("captions_none"))
    for number in arrows:
        if captions.times_of(lines[number - 1]) is None:
            report(number, *fault("cue_times", words=shown(lines[number - 1])))
    for number, line in enumerate(lines, 1):
        if sign := UNPRINTABLE.search(line):
            report(number, *fault("unprintable", words=f"U+{ord(sign[0]):04X}"))
    latest = 0
    for cue in captions.cues(text if captions.FIRST.fullmatch(lines[0]) else f"WEBVTT {text}"):
        if not latest <= cue.start < cue.end:
            report(cue.line, *fault("cue_order"))
        if seconds and cue.end > seconds * 1000:
            report(cue.line, *fault("cue_late", seconds=str(seconds)))
        if not cue.spoken:
            report(cue.line, *fault("cue_empty"))
        latest = cue.end
