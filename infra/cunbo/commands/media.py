"""Commands that make files to be seen: `video` a clip for its page, `qr` the codes of rooms and products."""

import re
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from chalicelib.domain.packing.jar_labels import JarLabel
from storefront.read.faults import quoted
from storefront.read.media import films

from cunbo.authoring import jars, qr
from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import ProgressLine, note
from cunbo.core.refusal import Refusal
from cunbo.core.stops import stoppable
from cunbo.film import finish, lettering, looks, probe
from cunbo.film.drawn import making
from cunbo.film.sound import beds
from cunbo.film.ways import cards, cuts, join, moments, slides
from cunbo.film.words import say
from cunbo.operations import stock

EXAMPLES = """\
What you film stays as it is: two sizes and a poster are made of it in content/videos (of a card, one in build/cards).
Captions and the film's page are written by hand: content/pages/writing.md says how.

examples:
  cunbo video plain IMG_0012.MOV --name jar-of-cabbage
  cunbo video nostalgia IMG_0012.MOV --name jar-of-cabbage --preview
  cunbo video nostalgia harvest-photos --look slides --name harvest
  cunbo video join jar.yml --name jar-of-cabbage --title "A jar of cabbage"
  cunbo video card douyin IMG_0012.MOV --room cabbage-1
"""


def add_video(command: ArgumentParser) -> None:
    """Add the looks of `cunbo video`, each with its arguments."""
    command.formatter_class = RawDescriptionHelpFormatter
    command.epilog = EXAMPLES
    ways = command.add_subparsers(required=True, metavar="WAY")
    nostalgia = ways.add_parser("nostalgia", help="the look of the 1980s, or a slide show from photographs")
    nostalgia.add_argument(
        "clips", nargs="+", type=Path, metavar="CLIP", help="the film, as the phone saved it; or photographs"
    )
    add_dressing(nostalgia, "television")
    nostalgia.add_argument("--preview", action="store_true", help="choose the look in a browser, before it is made")
    nostalgia.set_defaults(run=stoppable(_nostalgia, say("stopped")))
    plain = ways.add_parser("plain", help="the film's own look, as every phone plays it")
    plain.add_argument("clips", nargs=1, type=Path, metavar="CLIP", help="the film, as the phone saved it")
    plain.set_defaults(run=stoppable(_plain, say("stopped")))
    for way in (nostalgia, plain):
        add_part(way)
        add_place(way)
    join = ways.add_parser(
        "join", help="several clips as one film, by a list of cuts; leaves with 1 where that has faults"
    )
    join.add_argument("cuts", type=Path, metavar="CUTS", help="the list, such as jar.yml; the clips lie beside it")
    add_dressing(join, "television")
    add_place(join)
    join.set_defaults(run=stoppable(_join, say("stopped")))
    card = ways.add_parser(
        "card", help=f"an upright film for {', '.join(cards.platforms())}, with the code of a room at its end"
    )
    card.add_argument("platform", metavar="PLATFORM", help=", ".join(cards.platforms()))
    card.add_argument("clips", nargs=1, type=Path, metavar="CLIP", help="the film, as the phone saved it")
    card.add_argument("--room", required=True, metavar="ROOM", help="the room that the code leads to")
    card.add_argument("--sku", metavar="SKU", help="a product in that room (default: what the room shows)")
    card.add_argument("--url", metavar="SHOP_URL", help="the shop's address (default: $SHOP_URL, else this machine's)")
    add_dressing(card, "none", shaped=False)
    add_part(card)
    add_place(card, "build/cards")
    card.set_defaults(run=stoppable(_card, say("stopped")))
    add_drawn(ways.add_parser("drawn", help="the sample films that the shop has drawn itself"))


def add_drawn(way: ArgumentParser) -> None:
    """Add the arguments of `cunbo video drawn`."""
    way.add_argument("films", nargs="*", metavar="FILM", help=f"{', '.join(making.FILMS)} (default: all)")
    way.add_argument("--out", type=Path, metavar="DIR", help="where the files go (default: content/videos)")
    way.add_argument("--force", action="store_true", help="write over files of that name")
    way.set_defaults(run=stoppable(_drawn, say("stopped")))


def add_dressing(way: ArgumentParser, look: str, *, shaped: bool = True) -> None:
    """Add the arguments that dress a film up; `look` is the one that it has where none is named."""
    way.formatter_class = RawDescriptionHelpFormatter
    way.epilog = _listed("looks", {name: each.says for name, each in looks.LOOKS.items()})
    way.epilog += _listed("sound beds", beds.BEDS)
    way.add_argument("--look", metavar="LOOK", default=look, help=f"one of those below (default: {look})")
    if shaped:
        way.add_argument("--crop", metavar="SHAPE", default="4:3", help="4:3, 16:9 or 9:16 (default: 4:3)")
    way.add_argument("--title", metavar="WORDS", default="", help="a card with its title before it; | parts lines")
    way.add_argument("--leader", action="store_true", help="a countdown before it")
    way.add_argument("--sound-bed", metavar="BED", default="", help="what is heard under its own sound (default: none)")
    way.add_argument("--date", metavar="DATE", help="the date in the corner (default: this day in 1986)")


def add_part(way: ArgumentParser) -> None:
    """Add the arguments that say which part of a clip is taken."""
    way.add_argument("--from", dest="start", metavar="TIME", help="where it begins, such as 1:05 (default: 0)")
    way.add_argument("--to", dest="end", metavar="TIME", help="where it ends (default: at its end)")


def add_place(way: ArgumentParser, folder: str = "content/videos") -> None:
    """Add the arguments that say where a film's files go."""
    way.add_argument(
        "--name", metavar="ID", help="what the files are called: small letters, digits, hyphens (default: as the clip)"
    )
    way.add_argument("--out", type=Path, metavar="DIR", help=f"where the files go (default: {folder})")
    way.add_argument("--force", action="store_true", help="write over files of that name")


def add_qr(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo qr`."""
    command.add_argument("room", nargs="?", metavar="ROOM", help="(default: all rooms)")
    command.add_argument("sku", nargs="?", metavar="SKU", help="a product in this room (default: what the room shows)")
    command.add_argument(
        "--url", metavar="SHOP_URL", help="the shop's address (default: $SHOP_URL, else this machine's)"
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="where the files go (default: build/qr)")
    command.add_argument("--size", metavar="PIXELS", help="how wide the code of a PNG is, in the picture of a stream")
    command.add_argument(
        "--font", type=Path, metavar="FILE", help="a font that has Chinese (default: one of this machine)"
    )
    command.set_defaults(run=_qr)


def add_jars(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo jars`."""
    command.add_argument("sku", metavar="SKU")
    command.add_argument("date", metavar="DATE", help="the batch's day, such as 2026-11-26")
    command.add_argument("--made", metavar="DATE", help="the day it was made: the passport keeps it, once and for all")
    command.add_argument("--count", metavar="LABELS", default="28", help="(default: 28, a page)")
    command.add_argument(
        "--url", metavar="SHOP_URL", help="the shop's address (default: $SHOP_URL, else this machine's)"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="(default: build/jars/SKU-DATE.html)")
    target.add_stage(command)
    command.set_defaults(run=_jars)


def _jars(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    stock.known(catalog.packs, typed.sku)
    day = stock.read_past_day(typed.date)
    made = stock.read_past_day(typed.made) if typed.made else None
    count = int(typed.count) if typed.count.isascii() and typed.count.isdigit() else 0
    label = JarLabel(catalog.product_of[typed.sku], catalog.packs[typed.sku], day, made)
    drawn = jars.page(label, qr.origin(typed.url), count)
    if made and made > day:
        raise Refusal(f"{typed.sku} {day} cannot have been made on {made}, which is later")
    if made:
        with refusing_aws_errors():
            target.operations(paths, typed.stage).set_made(typed.sku, day, made)
    path = typed.out or paths.build / "jars" / f"{typed.sku}-{day}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn, encoding="utf-8")
    note(f"{path}  {count} labels: print it from a browser, on A4 without scaling")
    return 0


def _plain(typed: Namespace, paths: Paths) -> int:
    files = _files(typed, typed.clips[0].stem, paths.content / "videos")
    clip = _clip(typed, files)
    made = finish.make(clip, finish.FilmOrder(looks.PLAIN), files, ProgressLine())
    return _written(files, made, voiced=clip.voice is not None)


def _nostalgia(typed: Namespace, paths: Paths) -> int:
    order = _order(typed)
    files = _files(typed, typed.clips[0].stem, paths.content / "videos")
    if typed.preview and order.look is looks.SLIDES:
        raise Refusal(say("preview_slides"))
    if order.look is looks.SLIDES:
        if typed.start or typed.end:
            raise Refusal(say("slides_part"))
        return _written(files, slides.make(typed.clips, order, files, ProgressLine()))
    if len(typed.clips) > 1:
        raise Refusal(say("one_film"))
    clip = _clip(typed, files)
    if typed.preview:
        files.check(clip.path)
        order = _chosen(clip, order, typed.look)
    return _written(files, finish.make(clip, order, files, ProgressLine()), voiced=clip.voice is not None)


def _chosen(clip: probe.SourceClip, order: finish.FilmOrder, usual: str) -> finish.FilmOrder:
    from cunbo.authoring import film_preview  # a server: nobody waits for it who needs none

    return film_preview.choose(clip, order, usual)


def _join(typed: Namespace, paths: Paths) -> int:
    order = _order(typed)
    files = _files(typed, typed.cuts.stem, paths.content / "videos")
    if order.look is looks.SLIDES:
        raise Refusal(say("slides_only"))
    try:
        made = cuts.read(typed.cuts)
    except cuts.BadCutList as bad:
        for fault in bad.faults:
            note(str(fault))
        return 1
    return _written(files, join.join(made, order, files, ProgressLine()))


def _card(typed: Namespace, paths: Paths) -> int:
    platform = cards.platform_of(typed.platform)
    folder = paths.build / "cards"
    if not typed.out:
        folder.mkdir(parents=True, exist_ok=True)
    files = replace(_files(typed, f"{typed.clips[0].stem}-{typed.platform}", folder), endings=(".mp4",))
    if typed.look == "slides":
        raise Refusal(say("slides_only"))
    catalog, _ = content.read(paths.content)
    [plate] = qr.plates(catalog, qr.origin(typed.url), typed.room, typed.sku)
    order = _order(typed)
    order = replace(
        order,
        shape=platform.shape,
        ending=cards.ending(
            platform, plate.code, (plate.label[0], "截图扫码，进店看看" if typed.sku else "截图扫码，进直播间")
        ),
        rendition=platform.rendition,
        safe=platform.safe,
    )
    clip = _clip(typed, files)
    cards.fits(platform, clip.seconds + order.more)
    for path in finish.make(clip, order, files, ProgressLine()):
        note(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    seconds = round(clip.seconds + order.more)
    about = {"longest": platform.longest, "best": platform.best}
    note(str(say("platform_fits", platform=platform.name, seconds=seconds, **about)))
    if not platform.sure:
        note(str(say("platform_unsure")))
    return 0


def _clip(typed: Namespace, files: finish.ClipFiles) -> probe.SourceClip:
    """Return the part of the clip that was asked for; faults name a clip by its name alone."""
    named = typed.clips[0]
    inside = files.folder / named
    source = probe.probe(inside if inside.is_file() and not named.is_file() else named)
    return probe.part(source, _moment("--from", typed.start), _moment("--to", typed.end))


def _written(files: finish.ClipFiles, made: list[Path], voiced: bool = False) -> int:
    """Say what was written, what is wrong with the captions of it, and that a film that is `voiced` came out silent."""
    for path in made:
        note(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    if voiced and not films.probe(made[0]).sound:
        note(str(say("voiceless", words=made[0].name)))
    for line in finish.captions(files.folder, files.name, files.renditions[0]):
        note(line)
    return 0


def _files(typed: Namespace, stem: str, usual: Path) -> finish.ClipFiles:
    name = typed.name or stem.lower().replace(" ", "-").replace("_", "-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refusal(say("no_address", words=quoted(name)))
    folder = typed.out or usual
    if not folder.is_dir():
        raise Refusal(say("no_folder", words=str(folder)))
    return finish.ClipFiles(folder, name, typed.force)


def _order(typed: Namespace) -> finish.FilmOrder:
    try:
        today = date.today()
        day = date.fromisoformat(typed.date) if typed.date else date(1986, today.month, min(today.day, 28))
    except ValueError:
        raise Refusal(say("no_date", words=quoted(typed.date))) from None
    return finish.FilmOrder(
        look=looks.look_of(typed.look),
        shape=looks.shape_of(getattr(typed, "crop", "9:16")),
        title="|".join(lettering.title_lines(typed.title)) if typed.title else "",
        leader=typed.leader,
        bed=beds.known_bed(typed.sound_bed) if typed.sound_bed else "",
        day=day,
    )


def _moment(option: str, text: str | None) -> float | None:
    """Return the seconds of a time, such as 65, 1:05 or 0:01:05.5; raises Refusal."""
    if text is None:
        return None
    seconds = moments.seconds_of(text)
    if seconds is None:
        raise Refusal(say("no_moment", option=option, words=quoted(text)))
    return seconds


def _listed(what: str, said: Mapping[str, str]) -> str:
    """Return the part of a help that lists names, each with what it is."""
    return f"{what}:\n" + "".join(f"  {name:<12}{words}\n" for name, words in said.items())


def _drawn(typed: Namespace, paths: Paths) -> int:
    folder = typed.out or paths.content / "videos"
    if not folder.is_dir():
        raise Refusal(say("no_folder", words=str(folder)))
    orders = [(film, finish.ClipFiles(folder, film.name, typed.force)) for film in making.films_of(typed.films)]
    for _, files in orders:  # before the first of them takes its minutes
        files.check(folder)
    for film, files in orders:
        for path in making.make(film, files, ProgressLine()):
            note(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    return 0


def _qr(typed: Namespace, paths: Paths) -> int:
    given = typed.size
    if given is not None and not (given.isascii() and given.isdigit() and 1 <= int(given) <= 10_000):
        raise Refusal(f"{given} is no size: write a whole number of pixels from 1 to 10000")
    size = int(given) if given else None
    catalog, _ = content.read(paths.content)
    origin, letters = qr.origin(typed.url), qr.LabelFont.found(typed.font)
    made = qr.plates(catalog, origin, typed.room, typed.sku)
    for plate in made:
        for line in qr.described(plate, size):
            note(line)
    for path in qr.write(made, typed.out or paths.build / "qr", size, letters):
        note(f"  {path}")
    if letters.path is None:
        note("This machine has no font with Chinese, so PNG and PDF have Latin labels: name one by --font.")
    if "127.0.0.1" in origin or "localhost" in origin:
        note(f"{origin} is this machine alone: for codes that a phone can open, name the shop's address by --url.")
    return 0
