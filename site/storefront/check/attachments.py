"""What must lie beside the records: their pictures, and a video's clip with its captions in both languages."""

import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TypeGuard

from chalicelib.catalog import Picture

from storefront.read import files as content_files
from storefront.read.faults import Report, fault
from storefront.read.forms import instead_of, shown
from storefront.read.frontmatter import Node, child, entries, number_of, text_of
from storefront.read.media import kinds, pictures
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader, SourceRecord

PICTURES = pictures.DRAWINGS | pictures.PHOTOGRAPHS.keys()
Files = dict[str, None]
"""Names in their order, found at once."""
CLIPS = {".mp4"}
TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
CUE = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?", re.ASCII)


def check(reader: ContentReader, shelves: Mapping[str, list[SourceRecord]]) -> set[Path]:
    """Report every file that is missing, and clips and captions that are not what they must be.

    Returns the files that records name in their fields.
    """
    named: set[Path] = set()
    for folder, shelf in shelves.items():
        known = files(reader.content / folder, PICTURES)
        for record in shelf:
            for picture in record.facts.find(Picture):
                node = child(picture, "src")
                path = reader.content / folder / str(text_of(node))
                if node and is_other_kind(reader.content, path):
                    check_picture(path, pictures.LEAST, node.line, record.facts.report)
                elif lies(node, "picture", "src", known, record.facts.report):
                    named |= check_named(reader.content, path, pictures.LEAST, node.line, record.facts.report)
    clips = files(reader.content / "videos", CLIPS)
    for video in shelves["videos"]:
        check_video(reader, video, clips)
        check_chapters(video)
        named |= content_files.films(reader.content, video.id, text_of(video.get("clip")) or "")
    return named


def files(folder: Path, suffixes: set[str]) -> Files:
    """Return the files below a folder that end in one of `suffixes`, in the order of their names."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    return dict.fromkeys(sorted(path.relative_to(folder).as_posix() for path in found))


def lies(node: Node | None, kind: str, field: str, known: Files, report: Report) -> TypeGuard[Node]:
    """Return whether the file that a field names is one of those `known` in the folder; report it if not."""
    name = text_of(node)
    if node is None or not name:
        return False
    if name.startswith("/") or ".." in name.split("/"):
        report(node.line, f"{field} {shown(name)} leaves the folder", f"put the {kind} beside the file")
    elif name not in known:
        remedy = f"put it there, or {instead_of(name, known)}" if known else "put it there"
        report(node.line, f"there is no {kind} {shown(name)} beside the file", remedy)
    return name in known


def is_other_kind(content: Path, path: Path) -> bool:
    """Return whether a file of the folder is there, and its ending is none of a picture that the shop reads."""
    within = Path(os.path.normpath(path)).is_relative_to(content)
    return path.suffix.lower() not in PICTURES and within and path.is_file()


def check_named(content: Path, path: Path, least: int, line: int, report: Report) -> set[Path]:
    """Report a picture that cannot be shown or published, or is less than `least` pixels wide; return it."""
    path = Path(os.path.normpath(path))
    if not path.is_relative_to(content) or not content_files.is_known(content, path):
        report(line, *fault("picture_place", words=path.name))
        return set()
    check_picture(path, least, line, report)
    return {path}


def check_picture(path: Path, least: int, line: int, report: Report) -> None:
    """Report a picture that cannot be shown, or is less than `least` pixels wide."""
    try:
        if path.suffix.lower() not in PICTURES:
            with path.open("rb") as file:
                raise pictures.other_kind(path.name, kinds.kind_of(file.read(kinds.HEAD)))
        pictures.check(path, least)
    except pictures.UnfitPicture as unfit:
        report(line, unfit.what, unfit.remedy)


def check_video(reader: ContentReader, video: SourceRecord, clips: Files) -> None:
    """Report a clip that is missing or empty, and what is wrong with its captions."""
    folder, fields, report = reader.content / video.folder, video.facts.fields, video.facts.report
    clip = child(fields, "clip")
    if lies(clip, "clip", "clip", clips, report) and not (folder / str(text_of(clip))).stat().st_size:
        report(clip.line, f"the clip {text_of(clip)} is an empty file", "put the clip there, as MP4")
    for path in (folder / f"{video.id}-{language}.vtt" for language in LANGUAGES):
        text = reader.text(path) if path.is_file() else None
        if text is not None:
            check_captions(text, number_of(child(fields, "seconds")), partial(reader.report, path))
        elif fields and not path.is_file():
            report(
                fields.line, f"{path.name} is missing beside this file", "write the clip's captions there, as WebVTT"
            )


def check_chapters(video: SourceRecord) -> None:
    """Report chapters whose times do not rise within the clip; the first begins at 0."""
    seconds, latest = number_of(video.get("seconds")), -1
    for chapter in entries(video.get("chapters")):
        at, node = number_of(child(chapter, "at")), child(chapter, "at")
        if node is None or at is None:
            continue
        if at <= latest:
            video.facts.report(node.line, f"at is {at}", "let a chapter begin after the one before it")
        elif latest < 0 and at:
            video.facts.report(node.line, f"the first chapter begins at {at}", "let it begin at 0")
        elif seconds and at >= seconds:
            video.facts.report(node.line, f"at is {at}", f"let it begin before the clip's {seconds} seconds are over")
        latest = at


def cues(captions: str) -> list[tuple[int, str]]:
    """Return what faultless captions say, each with the second at which it is said."""
    found = []
    for block in re.split(r"\n\n+", captions.replace("\r\n", "\n").strip()):
        times, _, words = block.partition("\n")
        if said := CUE.fullmatch(times.strip()):
            found.append((milliseconds(*said.groups()[:4]) // 1000, words.strip()))
    return found


def check_captions(text: str, seconds: int | None, report: Report) -> None:
    """Report what is wrong with the captions of a clip of so many seconds."""
    lines = text.split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        report(1, "the captions do not begin with WEBVTT", "write WEBVTT as the first line, and leave the second blank")
    cues = [(number, line) for number, line in enumerate(lines, 1) if "-->" in line]
    if not cues:
        report(1, "there is no cue", "write one: its times, 00:00:01.000 --> 00:00:02.500, and its words below them")
    latest = 0
    for number, line in cues:
        times = CUE.fullmatch(line.strip())
        if not times:
            report(number, f"{shown(line)} gives no times", "write them as 00:00:01.000 --> 00:00:02.500")
            continue
        start, end = milliseconds(*times.groups()[:4]), milliseconds(*times.groups()[4:])
        if not latest <= start < end:
            report(number, "the times do not rise", "let a cue begin after the one before it, and end after that")
        if seconds and end > seconds * 1000:
            report(number, f"the cue ends after the clip's {seconds} seconds", "let it end with the clip")
        if not "".join(lines[number : number + 1]).strip():
            report(number, "the cue says nothing", "write its words in the next line")
        latest = end


def milliseconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> int:
    """Return a cue's time in milliseconds."""
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)
