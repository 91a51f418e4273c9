"""Commands that make files to be seen: `video` a clip for its page, `qr` the codes of rooms and products."""

import re
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

from chalicelib.domain.packing.jar_labels import JarLabel

from cunbo.authoring import jars, qr, video
from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note, progress
from cunbo.core.refusal import Refusal
from cunbo.operations import stock


def add_video(command: ArgumentParser) -> None:
    """Add the looks of `cunbo video`, each with its arguments."""
    looks = command.add_subparsers(required=True, metavar="LOOK")
    nostalgia = looks.add_parser("nostalgia", help="the look of the 1980s: two sizes and a poster, in content/videos")
    nostalgia.add_argument("--date", metavar="DATE", help="the date in the corner (default: this day in 1986)")
    nostalgia.set_defaults(look=video.NOSTALGIA)
    plain = looks.add_parser("plain", help="the film's own look, as every phone plays it: two sizes and a poster")
    plain.set_defaults(look=video.PLAIN, date=None)
    for look in (nostalgia, plain):
        look.add_argument("clip", type=Path, metavar="CLIP", help="the film, as the phone saved it")
        look.add_argument("--name", metavar="ID", help="what the files are called (default: as the clip)")
        look.add_argument("--out", type=Path, metavar="DIR", help="where the files go (default: content/videos)")
        look.add_argument("--force", action="store_true", help="write over files of that name")
        look.set_defaults(run=_video)


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


def _video(typed: Namespace, paths: Paths) -> int:
    name = typed.name or typed.clip.stem.lower().replace(" ", "-").replace("_", "-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refusal(f"{name!r} cannot stand in an address: give --name, small letters, digits and hyphens")
    try:
        today = date.today()
        day = date.fromisoformat(typed.date) if typed.date else date(1986, today.month, min(today.day, 28))
    except ValueError:
        raise Refusal(f"--date is {typed.date!r}: write a date, such as 1986-05-12") from None
    folder = typed.out or paths.content / "videos"
    if not folder.is_dir():
        raise Refusal(f"there is no folder {folder}")
    in_folder = folder / typed.clip  # faults name a clip by its name alone
    clip = video.probe(in_folder if in_folder.is_file() and not typed.clip.is_file() else typed.clip)
    files = video.ClipFiles(folder, name, typed.look, typed.force)
    for path in video.make(clip, files, day, progress):
        note(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    for line in video.captions(folder, name, files.renditions[0]):
        note(line)
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
