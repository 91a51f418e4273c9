"""The command line: what can be asked. It leaves with 0, with 1 where it found something, with 2 where it refuses."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cunbo.commands import host, staff
from cunbo.core.house import House, Refusal
from cunbo.core.progress import complain, counted, note, progress

if TYPE_CHECKING:
    from chalicelib.audit import Danger
    from chalicelib.orders import Order

# What a command needs is imported when it runs: `cunbo --help` and `cunbo check` should not wait for boto3 and aiohttp.


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code."""
    said = parser().parse_args(arguments)
    try:
        sys.exit(said.run(said, House()))
    except Refusal as refusal:
        complain(f"cunbo: {refusal}")
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """Every command with its words."""
    root = argparse.ArgumentParser(prog="cunbo", description="Runs a village's shop: content, stock, stack.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="say every fault of the content; exit 1 where there is one")
    check.add_argument("--content", type=Path, metavar="DIR", help="the folder to read (default: content/)")
    check.add_argument("--production", action="store_true", help="also say what a shop that really sells may not have")
    check.set_defaults(run=_check)
    new = commands.add_parser("new", help="ask about a new product, story, video or village, and write its files")
    new.add_argument("kind", choices=["product", "story", "video", "village"])
    new.add_argument("--content", type=Path, metavar="DIR", help="the folder to write in (default: content/)")
    new.add_argument("--lang", choices=["zh", "en"], help="the language to ask in (default: this machine's)")
    new.set_defaults(run=_new)
    write = commands.add_parser("write", help="show the site as it is being written, at PORT, without its functions")
    write.set_defaults(run=_write)
    video = commands.add_parser("video", help="make a clip ready for its page")
    looks = video.add_subparsers(required=True, metavar="LOOK")
    nostalgia = looks.add_parser("nostalgia", help="the look of the 1980s: two sizes and a poster, in content/videos")
    nostalgia.add_argument("clip", type=Path, metavar="CLIP", help="the film, as the phone saved it")
    nostalgia.add_argument("--name", metavar="ID", help="what the files are called (default: as the clip)")
    nostalgia.add_argument("--date", metavar="DATE", help="the date in the corner (default: this day in 1986)")
    nostalgia.add_argument("--out", type=Path, metavar="DIR", help="where the files go (default: content/videos)")
    nostalgia.add_argument("--force", action="store_true", help="write over files of that name")
    nostalgia.set_defaults(run=_nostalgia)
    commands.add_parser("build", help="check the content and build the site into build/site").set_defaults(run=_build)
    commands.add_parser("up", help="run the whole stack on this machine, at PORT").set_defaults(run=_up)
    commands.add_parser("bench", help="measure the surge, orders at the table, cold start, pages, build").set_defaults(
        run=_bench
    )
    limits = commands.add_parser("limits", help="say what a surge needs of AWS: shards, units, quotas, cost; a model")
    limits.add_argument("rate", nargs="?", metavar="ORDERS_PER_SECOND", help="of one SKU (default: tables of many)")
    limits.set_defaults(run=_limits)
    commands.add_parser("reset", help="throw away the local stack's orders, stock and letters").set_defaults(run=_reset)

    batch = commands.add_parser("batch", help="set how many units of a SKU can be made by a date, drops included")
    batch.add_argument("sku", metavar="SKU")
    batch.add_argument("date", metavar="DATE", help="such as 2026-11-26")
    batch.add_argument("units", metavar="UNITS")
    batch.set_defaults(run=_batch)
    plan = commands.add_parser("plan", help="make the batches that the production plan has and the stock lacks")
    plan.set_defaults(run=_plan)
    expect = commands.add_parser("expect", help="say how many orders a second a SKU must take, now and later")
    expect.add_argument("sku", metavar="SKU")
    expect.add_argument("rate", metavar="ORDERS_PER_SECOND")
    expect.set_defaults(run=_expect)
    danger = commands.add_parser("danger", help="list the promises that cannot be kept; exit 1 where there are any")
    danger.set_defaults(run=_danger)
    audit = commands.add_parser("audit", help="compare the stock with the orders; exit 1 where they differ")
    audit.set_defaults(run=_audit)
    postpone = commands.add_parser("postpone", help="move an order to a later date, and tell its buyer")
    postpone.add_argument("order", metavar="ORDER")
    postpone.add_argument("date", metavar="DATE", help="it takes units of batches that ship on this day or later")
    postpone.set_defaults(run=_postpone)
    refund = commands.add_parser("refund", help="cancel an order, give its money back, and tell its buyer")
    refund.add_argument("order", metavar="ORDER")
    refund.set_defaults(run=_refund)
    order = commands.add_parser("order", help="print an order, and what was said of its goods when they were sold")
    order.add_argument("order", metavar="ORDER")
    order.set_defaults(run=_order)
    for command in (
        batch,
        plan,
        expect,
        danger,
        audit,
        postpone,
        refund,
        order,
        *host.add(commands),
        *staff.add(commands),
    ):
        command.add_argument("--stage", metavar="NAME", help="a deployed stage (default: the local stack)")

    qr = commands.add_parser("qr", help="draw the codes of rooms or of a product: SVG, PNG, and a PDF to print and cut")
    qr.add_argument("room", nargs="?", metavar="ROOM", help="(default: all rooms)")
    qr.add_argument("sku", nargs="?", metavar="SKU", help="a product in this room (default: what the room shows)")
    qr.add_argument("--url", metavar="SHOP_URL", help="the shop's address (default: $SHOP_URL, else this machine's)")
    qr.add_argument("--out", type=Path, metavar="DIR", help="where the files go (default: build/qr)")
    qr.add_argument("--size", metavar="PIXELS", help="how wide the code of a PNG is, in the picture of a stream")
    qr.add_argument("--font", type=Path, metavar="FILE", help="a font that has Chinese (default: one of this machine)")
    qr.set_defaults(run=_qr)

    deploy = commands.add_parser(
        "deploy",
        help="bring a stage to AWS",
        epilog="Settings come from the environment: SHOP_URL, HOLD_SECONDS, POLL_SECONDS, ALARM_TOPIC."
        " Letters: MAIL_FROM, the sender, with SMTP_URL, a mail server, or with MAIL_IDENTITY, the SES identity"
        " (a domain or an address) that the sender belongs to; China has no SES."
        " MANAGER_MAIL is the address that hears when a day is full."
        " Own domain: DOMAIN, with ACM_CERTIFICATE_ARN (from us-east-1), or in China, where it is a must, with"
        " IAM_CERTIFICATE_ID.",
    )
    deploy.add_argument("stage", metavar="STAGE")
    deploy.set_defaults(run=_deploy)
    return root


def _check(said: argparse.Namespace, house: House) -> int:
    from cunbo.core import content

    folder = said.content or house.content
    if not folder.is_dir():
        raise Refusal(f"there is no folder {folder}")
    found = content.faults(folder, said.production)
    for fault in found:
        note(fault)
    return 1 if found else 0


def _new(said: argparse.Namespace, house: House) -> int:
    from cunbo.authoring.new import KINDS, Asker, new
    from cunbo.core import content

    folder = said.content or house.content
    catalog, _ = content.read(folder)
    here = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    ids = {name: [record.id for record in getattr(catalog, name)] for name in ("villages", "products")}
    asker = Asker(
        said.lang or ("zh" if here.startswith("zh") else "en"),
        folder / KINDS[said.kind],
        {"village": ids["villages"], "products": ids["products"]},
    )
    try:
        written = new(said.kind, asker)
    except (KeyboardInterrupt, EOFError):
        raise Refusal("nothing was written") from None
    for path in written:
        note(f"{path.relative_to(folder.parent)}")
    for fault in content.faults(folder):
        note(fault)
    return 0


def _write(said: argparse.Namespace, house: House) -> int:
    from cunbo.authoring.preview import write
    from cunbo.local.up import port

    write(house, port(os.environ.get("PORT", "8000")))
    return 0


def _nostalgia(said: argparse.Namespace, house: House) -> int:
    from datetime import date

    from cunbo.authoring import video

    name = said.name or said.clip.stem.lower().replace(" ", "-").replace("_", "-")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refusal(f"{name!r} cannot stand in an address: give --name, small letters, digits and hyphens")
    try:
        today = date.today()
        day = date.fromisoformat(said.date) if said.date else date(1986, today.month, min(today.day, 28))
    except ValueError:
        raise Refusal(f"--date is {said.date!r}: write a date, such as 1986-05-12") from None
    folder = said.out or house.content / "videos"
    if not folder.is_dir():
        raise Refusal(f"there is no folder {folder}")
    clip = video.look_at(said.clip)
    made = video.nostalgia(clip, folder, name, day, said.force, progress)
    for path in made:
        note(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    for line in video.captions(folder, name, clip.seconds):
        note(line)
    return 0


def _build(said: argparse.Namespace, house: House) -> int:
    from cunbo.core import content
    from cunbo.deploy import site

    content.read(house.content)
    site.build(house, os.environ.get("SHOP_URL", "http://127.0.0.1:8000"))
    note(f"The site is in {house.site}.")
    return 0


def _up(said: argparse.Namespace, house: House) -> int:
    from cunbo.core.cloud import plainly
    from cunbo.local.up import up

    with plainly():
        up(house, os.environ)
    return 0


def _bench(said: argparse.Namespace, house: House) -> int:
    from cunbo.bench import bench

    bench(house)
    return 0


def _limits(said: argparse.Namespace, _: House) -> int:
    from cunbo.model.report import report
    from cunbo.operations.stock import orders_a_second

    note(report(orders_a_second(said.rate) if said.rate is not None else None))
    return 0


def _reset(said: argparse.Namespace, house: House) -> int:
    from cunbo.local.stack import reset

    reset(house)
    note("The local stack's orders, stock and letters are gone; the next `make up` starts with the village's batches.")
    return 0


def _batch(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations import stock

    catalog, _ = content.read(house.content)
    batch = stock.read_batch(catalog, said.sku, said.date, said.units)
    with plainly():
        warehouse = target.warehouse(house, said.stage)
        warehouse.set_batch(catalog, batch)
        made = warehouse.made(batch.sku, batch.ship_by)
        broken = warehouse.dangers({(batch.sku, batch.ship_by)}) if made.beyond else []
    units = counted(made.units, "unit")
    note(f"{batch.sku} {batch.ship_by}: {units}, {made.promised:,} promised, {made.sellable:,} left")
    for drop, held in made.drops.items():
        note(f"  of them in the drop {drop.id}: {counted(held.cap, 'unit')}, {held.promised:,} promised")
    _tell_dangers(broken)
    if invited := made.beyond - sum(one.units for one in broken):
        note(f"{counted(invited, 'unit')} too many {'is' if invited == 1 else 'are'} kept for people who are invited.")
    return 0


def _plan(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly

    catalog, _ = content.read(house.content)
    with plainly():
        warehouse = target.warehouse(house, said.stage)
        done = warehouse.plan(catalog)
        smaller = {(one.sku, one.ship_by) for one in done if one.was is not None and one.units < one.was}
        broken = warehouse.dangers(smaller) if smaller else []
    for batch in done:
        before = "" if batch.was is None else f" instead of {batch.was:,}"
        note(f"{batch.sku} {batch.ship_by}: {counted(batch.units, 'unit')}{before}")
    made = sum(batch.was is None for batch in done)
    note(f"{counted(made, 'batch', 'batches')} made, {len(done) - made} changed.")
    _tell_dangers(broken)
    return 0


def _expect(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations import stock

    catalog, _ = content.read(house.content)
    rate = stock.read_rate(catalog, said.sku, said.rate)
    with plainly():
        batches = target.warehouse(house, said.stage).expect(catalog, said.sku, rate)
    for batch in batches:
        note(f"{said.sku} {batch.ship_by}: {counted(batch.cap, 'unit')} in {counted(batch.shards, 'shard')}")
    note(f"{said.sku}: {counted(rate, 'order')} a second expected; `cunbo limits {rate}` says what else that takes.")
    return 0


def _danger(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core.cloud import plainly

    with plainly():
        broken = target.warehouse(house, said.stage).dangers()
    _tell_dangers(broken)
    note(f"{counted(len(broken), 'promise')} cannot be kept.")
    return 1 if broken else 0


def _tell_dangers(broken: "Sequence[Danger]") -> None:
    if not broken:
        return
    note("These cannot be made in time. Give each a later date (cunbo postpone ORDER DATE) or its money back")
    note("(cunbo refund ORDER); the batch sells again when what is promised fits:")
    for one in broken:
        state = one.order.state.replace("_", " ")
        told = "" if one.order.email else ", no e-mail: call them"
        note(f"  {one.order.number}  {one.shelf} {one.ship_by}: {counted(one.units, 'unit')} too many, {state}{told}")


def _audit(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core.cloud import plainly

    with plainly():
        found = target.warehouse(house, said.stage).audit()
    for line in found.differences:
        note(line)
    for line in found.moving:
        note(f"{line}: orders came in all the while, so it could not be judged; ask again in a calmer minute")
    note(f"{counted(len(found.differences), 'difference')} between stock and orders.")
    return 1 if found.differences else 0


def _postpone(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core.cloud import plainly
    from cunbo.operations import stock

    day = stock.read_day(said.date)
    with plainly():
        order = target.warehouse(house, said.stage).postpone(said.order, day)
    note(f"{order.number} ships by {order.ship_by} instead of {order.first_ship_by}.")
    _call_too(order)
    return 0


def _refund(said: argparse.Namespace, house: House) -> int:
    from chalicelib.mail.letters import yuan

    from cunbo.commands import target
    from cunbo.core.cloud import plainly

    with plainly():
        order = target.warehouse(house, said.stage).refund(said.order)
    owed = sum(refund.amount for refund in order.refunds if refund.state != "done")
    money = f"{yuan(owed)} goes back to its buyer" if owed else "nothing was paid that has to go back"
    note(f"{order.number} is cancelled; {money}.")
    _call_too(order)
    return 0


def _call_too(order: "Order") -> None:
    if not order.email:
        note("Its buyer left no e-mail address: the order's page tells it; do call them too.")


def _order(said: argparse.Namespace, house: House) -> int:
    import msgspec

    from cunbo.commands import target
    from cunbo.core.cloud import plainly

    with plainly():
        found = target.warehouse(house, said.stage).order(said.order)
    note(msgspec.json.format(msgspec.json.encode(found)).decode())
    return 0


def _qr(said: argparse.Namespace, house: House) -> int:
    from cunbo.authoring import qr
    from cunbo.core import content

    if said.size is not None and not (said.size.isascii() and said.size.isdigit() and 1 <= int(said.size) <= 10_000):
        raise Refusal(f"{said.size} is no size: write a whole number of pixels from 1 to 10000")
    size = int(said.size) if said.size else None
    catalog, _ = content.read(house.content)
    origin, letters = qr.origin(said.url), qr.Letters.found(said.font)
    made = qr.plates(catalog, origin, said.room, said.sku)
    for plate in made:
        for line in qr.told(plate, size):
            note(line)
    for path in qr.write(made, said.out or house.build / "qr", size, letters):
        note(f"  {path}")
    if letters.path is None:
        note("This machine has no font with Chinese, so PNG and PDF have Latin labels: name one by --font.")
    if "127.0.0.1" in origin or "localhost" in origin:
        note(f"{origin} is this machine alone: for codes that a phone can open, name the shop's address by --url.")
    return 0


def _deploy(said: argparse.Namespace, house: House) -> int:
    from cunbo.core.cloud import plainly
    from cunbo.deploy.deploy import deploy

    with plainly():
        note(f"The shop is at {deploy(house, said.stage, os.environ)}/")
    return 0
