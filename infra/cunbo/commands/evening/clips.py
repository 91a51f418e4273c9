"""The command that cuts an evening's recording into a clip for each product's page."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import yaml
from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import VILLAGE, village_day
from chalicelib.services.stage import utc_now
from PIL import Image
from storefront.check.media.show_clips import UNWRITTEN
from storefront.read.faults import Said, listed, quoted
from storefront.read.frontmatter import split
from storefront.read.media import films
from storefront.read.media.pictures import LEAST as NARROWEST
from storefront.read.messages import LANGUAGES

from cunbo.authoring.new import YES
from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import ProgressLine, counted, note
from cunbo.core.refusal import Refusal
from cunbo.core.stops import stoppable
from cunbo.film import finish, looks, probe
from cunbo.film.encode import Tell, writing
from cunbo.film.evening import recordings, room_logs
from cunbo.film.evening.cuts import Cut, CutLimits, LeftOut, RoomLog, ShowOnAir, Stretch, choose, evenings
from cunbo.film.evening.records import ClipRecord, captions, cue_times, id_of, pauses_in, texts
from cunbo.film.words import instead, say
from cunbo.operations.drops import known_room

MOST, LEAST, PAD = 180, 5, 15
"""Seconds that may be asked for: of the longest clip, of the shortest, before and after a pin."""
DAY = 24 * 3600


EXAMPLES = """\
It first tells what it would cut and what it leaves out, and asks. No clip is shown before its captions are written.

examples:
  cunbo clips "2026-11-30 19-30-05.mkv" --room cabbage-1 --dry-run
  cunbo clips evening.mp4 --began "2026-11-30 19:30:05" --log log-cabbage-1-2026-11-30.json
"""


def add_clips(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo clips`."""
    command.add_argument("recordings", nargs="+", type=Path, metavar="RECORDING", help="a file of the recording")
    command.add_argument("--room", metavar="ROOM", help="whose show it is (default: the only room that was on air)")
    command.add_argument("--show", metavar="SHOW", help="which show, where a recording has more than one")
    command.add_argument("--log", type=Path, metavar="FILE", help="the room's log, saved from the host's console")
    command.add_argument("--began", metavar="TIME", help="when the recording began, by the village's clock")
    command.add_argument(
        "--shift", default="0", metavar="SECONDS", help="what to add to the recording's clock, where that was off"
    )
    command.add_argument(
        "--paused", action="append", default=[], metavar="FROM-TO", help="when it was paused, as 20:15:00-20:21:30"
    )
    command.add_argument("--product", action="append", metavar="PRODUCT", help="only this product; again for another")
    command.add_argument("--most", default="60", metavar="SECONDS", help="how long a clip is at most (default: 60)")
    command.add_argument("--least", metavar="SECONDS", help="what is shorter gets none (default: 15)")
    command.add_argument("--pad", default="3", metavar="SECONDS", help="before and after a pin (default: 3)")
    command.add_argument("--content", type=Path, metavar="DIR", help="the folder to write in (default: content/)")
    command.add_argument("--dry-run", action="store_true", help="tell what would be cut, and write nothing")
    command.add_argument("--yes", action="store_true", help="cut without asking")
    command.add_argument("--force", action="store_true", help="write over the clips of this show, captions included")
    target.add_stage(command)
    command.formatter_class = RawDescriptionHelpFormatter
    command.epilog = EXAMPLES
    command.set_defaults(run=stoppable(_clips, say("stopped_clips")))


def _clips(typed: Namespace, paths: Paths) -> int:
    folder = typed.content or paths.content
    catalog, _ = content.read(folder)
    limits = _limits(typed)
    found = _recordings(typed)
    for one in found:
        end = one.began + timedelta(seconds=one.seconds)
        note(str(say("recorded", words=one.path.name, when=room_logs.shown(Stretch(one.began, end)), by=one.by)))
    pauses = [recordings.typed_pause(one, min(each.began for each in found)) for one in typed.paused]
    footage = recordings.footage(found, pauses)
    when = Stretch(min(one.stretch.first for one in footage), max(one.stretch.last for one in footage))
    log, evening = _evening(typed, paths, catalog, when)
    chosen = [one for one in choose(log, evening, footage, catalog, limits) if _wanted(one, typed.product)]
    records = _records(typed, folder / "videos", catalog, (log.room, evening.show), chosen)
    _tell(chosen, records)
    if not records or typed.dry_run:
        return 0
    if not typed.yes and not _agreed(len(records)):
        raise Refusal(say("not_cut"))
    _make(records, folder / "videos", typed.force)
    return 0


def _whole(typed: str, name: str, first: int, last: int) -> int:
    number = typed.strip().removeprefix("+")
    digits = number.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9 and first <= int(number) <= last):
        raise Refusal(say("bad_seconds", option=name, words=quoted(typed), first=first, last=last))
    return int(number)


def _limits(typed: Namespace) -> CutLimits:
    most = _whole(typed.most, "--most", LEAST, MOST)
    least = _whole(typed.least, "--least", LEAST, MOST) if typed.least else min(most, int(CutLimits().least))
    if least > most:
        raise Refusal(say("least_most", least=least, most=most))
    return CutLimits(most, least, _whole(typed.pad, "--pad", 0, PAD))


def _recordings(typed: Namespace) -> list[recordings.Recording]:
    """Read what was typed of the recordings' clock, and the files; the first one first."""
    shift = timedelta(seconds=_whole(typed.shift, "--shift", -400 * DAY, 400 * DAY))
    if typed.began and len(typed.recordings) > 1:
        raise Refusal(say("one_began"))
    began = recordings.typed_instant(typed.began) if typed.began else None
    found = []
    for path in dict.fromkeys(typed.recordings):
        file = recordings.look(path)
        at, by = recordings.began(path.name, file, began)
        moved = say("by_shift", words=by, seconds=typed.shift) if shift else by
        found.append(recordings.Recording(path, at + shift, file.seconds, moved))
    return sorted(found, key=lambda one: one.began)


def _evening(typed: Namespace, paths: Paths, catalog: Catalog, when: Stretch) -> tuple[RoomLog, ShowOnAir]:
    """Return the show of which the recordings have something, with its room's log; raises Refusal for none or many."""
    logs = _logs(typed, paths, catalog, when)
    met = [(log, show) for log in logs for show in room_logs.chosen(log, when, typed.show)]
    if len(met) > 1:
        lines = "\n".join(f"  {log.room}: {line}" for log in logs for line in room_logs.told(log))
        raise Refusal(f"{say('several_shows')}\n{lines}")
    if not met:
        raise Refusal(_no_show(logs, when, typed))
    [(log, show)] = met
    return log, next(one for one in evenings(log.entries) if one.show == show)


def _logs(typed: Namespace, paths: Paths, catalog: Catalog, when: Stretch) -> list[RoomLog]:
    if typed.room:
        known_room(catalog, typed.room)
    if typed.log:
        log = room_logs.from_file(typed.log, typed.room)
        known_room(catalog, log.room)
        note(str(say("log_read", words=typed.log.name, count=len(log.entries))))
        return [log]
    with refusing_aws_errors():
        try:
            store = target.operations(paths, typed.stage).store
        except Refusal as refusal:
            raise Refusal(say("log_instead", words=str(refusal))) from None
        rooms = [typed.room] if typed.room else [room.id for room in catalog.rooms]
        return [room_logs.from_table(store, catalog, room, when) for room in rooms]


def _no_show(logs: Sequence[RoomLog], when: Stretch, typed: Namespace) -> str:
    """Say that a recording has nothing of a show, what shows there were, and how far its clock would be off."""
    wanted = say("show_wanted", words=typed.show) if typed.show else say("show_any")
    shows = [(log, one) for log in logs for one in evenings(log.entries)]
    if not shows:
        return str(say("no_show", when=room_logs.shown(when), rooms=listed([log.room for log in logs])))
    lines = [f"  {log.room}: {line}" for log in logs for line in room_logs.told(log)][-5:]
    off = min((round((one.stretch.first - when.first).total_seconds()) for _, one in shows), key=abs)
    off += int(typed.shift)
    return "\n".join(
        [
            str(say("not_of_show", wanted=wanted, when=room_logs.shown(when))),
            *lines,
            str(say("clock_off", words=off)),
        ]
    )


def _wanted(one: Cut | LeftOut, products: Sequence[str] | None) -> bool:
    return products is None or one.product in products


def _records(
    typed: Namespace, folder: Path, catalog: Catalog, of: tuple[str, str], chosen: Iterable[Cut | LeftOut]
) -> list[ClipRecord]:
    """Return the record of each clip of a room's show; raises Refusal where one is there already."""
    products = {product.id: product for product in catalog.products}
    for name in typed.product or ():
        if name not in products:
            raise Refusal(say("no_product", words=name, instead=instead(name, products)))
    room, show = of
    taken, there = _clips_there(folder)
    records = []
    for one in (each for each in chosen if isinstance(each, Cut)):
        old = there.get((room, show, one.product))
        if old and not (typed.force or typed.dry_run):
            raise Refusal(say("clip_there", words=old, product=one.product))
        id_ = old or id_of(one.product, one.stretch.first.astimezone(VILLAGE).date(), taken)
        taken.add(id_)
        today = village_day(utc_now())
        records.append(ClipRecord(id_, one, products[one.product], catalog.room_of[room], show, today))
    return records


def _clips_there(folder: Path) -> tuple[set[str], dict[tuple[str, str, str], str]]:
    """Return the names that are taken in a folder, and the clips there by room, show and product."""
    taken = (
        {path.name.partition(".")[0].removesuffix("-small") for path in folder.iterdir()} if folder.is_dir() else set()
    )
    found = {}
    for path in sorted(folder.glob("*.md")):
        parts = split(path.read_text(encoding="utf-8-sig", errors="replace"))
        front = yaml.safe_load(parts.front.removeprefix("---")) if parts else {}
        cut = front.get("cut_from") if isinstance(front, dict) else None
        if isinstance(cut, dict) and front.get("products"):
            key = str(cut.get("room")), str(cut.get("show")), str(front["products"][0])
            found[key] = path.name.partition(".")[0]
    return taken, found


def _tell(chosen: Sequence[Cut | LeftOut], records: Sequence[ClipRecord]) -> None:
    """Print what becomes a clip and what does not, by the village's clock."""
    if not chosen:
        note(str(say("nothing_pinned")))
        return
    width = max(len("product"), *(len(one.product) for one in chosen))
    head = str(say("product"))
    cells = len(head) * (1 if head.isascii() else 2)
    names = {record.cut: record.id for record in records}
    note(f"{head}{' ' * (width - cells)}  {say('table')}")
    for one in chosen:
        if isinstance(one, LeftOut):
            why = say("left_out_more", words=say(one.why), more=one.more) if one.more else say(one.why)
            note(f"{one.product:<{width}}  {say('left_out', words=why)}")
            continue
        first, last = (at.astimezone(VILLAGE) for at in one.stretch)
        note(f"{one.product:<{width}}  {first:%H:%M:%S}  {last:%H:%M:%S}  {one.stretch.seconds:7.0f}  {names[one]}")


def _agreed(clips: int) -> bool:
    if not sys.stdin.isatty():
        raise Refusal(say("ask_nobody"))
    try:
        return input(f"{say('ask', count=Said(str(clips), counted(clips, 'clip')))} ").strip().lower() in YES
    except EOFError:
        return False


def _make(records: Sequence[ClipRecord], folder: Path, force: bool) -> None:
    """Make the films, their records and the captions to be filled in, and say what is to be done with them."""
    line = ProgressLine()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for record in records:
            film = _film(record, folder, force, line)
            skeleton = captions(cue_times(films.probe(film).seconds, pauses_in(film)))
            written = {f"-{lang}.vtt": skeleton for lang in LANGUAGES} | texts(record)
            for ending, text in written.items():
                (folder / f"{record.id}{ending}").write_text(text, encoding="utf-8")
    note("")
    note(str(say("next_steps", folder=str(folder), mark=UNWRITTEN)))
    for record in records:
        note(f"  - {{file: videos/{record.id}.mp4, people: [pN]}}")
    note(str(say("check_says")))


def _film(record: ClipRecord, folder: Path, force: bool, tell: Tell) -> Path:
    """Cut the film out of its recording, and make both renditions and the poster of it; return the larger one."""
    cut, files = record.cut, finish.ClipFiles(folder, record.id, force)
    clip = probe.part(probe.probe(cut.path), cut.at, cut.at + cut.stretch.seconds)
    finish.make(clip, finish.FilmOrder(look=looks.PLAIN), files, tell)
    film, *smaller = files.renditions
    for path in smaller:
        if path.stat().st_size >= film.stat().st_size:  # of a recording that was small itself
            path.unlink()
    with Image.open(files.poster) as poster:
        if poster.width < NARROWEST:  # what upright streams and small cameras give
            size = NARROWEST, round(poster.height * NARROWEST / poster.width)
            poster.resize(size, Image.Resampling.LANCZOS).save(files.poster, quality=85)
    return film
