"""What must hold between records, and between them and the files beside them, beyond the form of each.

**To add a rule, write a function that reports what breaks it, and call it in `check`.**
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from chalicelib.catalog import Pack, Period, Zone
from chalicelib.districts import districts

from storefront.check import attachments, forbidden_words
from storefront.read.forms import instead_of, listed, shown
from storefront.read.frontmatter import Fields, child, day_of, entries, number_of, plain, text_of
from storefront.read.records import Desk, Entry, Paper

Shelves = Mapping[str, list[Entry]]

LONGEST = 60
"""Days. No holiday lasts longer: where a period does, its year or month is not the one that was meant."""


def check(desk: Desk, shop: Paper | None, shelves: Shelves) -> None:
    """Reports all that does not hold."""
    products = shelves["products"]
    if not products:
        desk.report(
            desk.content / "products", 1, "there is no product", "write one, as products/x.md and products/x.en.md"
        )
    check_names(shop, shelves)
    check_skus(products)
    check_prices(products)
    for paper in papers(shop, products):
        check_zones(paper)
    if shop:
        check_periods(shop)
    attachments.check(desk, shelves)
    forbidden_words.check(products)


def check_names(shop: Paper | None, shelves: Shelves) -> None:
    """Reports what names a village or a product that does not exist."""
    for folder, field in (("villages", "village"), ("products", "products"), ("products", "first")):
        known = {record.id for record in shelves[folder]}
        for paper in papers(shop, every(shelves)):
            node = child(paper.fields, field)
            for name in entries(node) or (node,):
                if name and text_of(name) and text_of(name) not in known:
                    remedy = (
                        f"write one of {listed(sorted(known))}" if known else f"write {folder}/{text_of(name)}.md first"
                    )
                    paper.report(name.line, f"there is no {folder[:-1]} {shown(name)}", remedy)


def check_skus(products: Iterable[Entry]) -> None:
    """Reports each SKU that an earlier pack has."""
    places: dict[str, str] = {}
    for product in products:
        for node in (child(pack, "sku") for pack in product.facts.find(Pack)):
            sku = text_of(node)
            if node and sku in places:
                product.facts.report(
                    node.line, f"sku {sku} is taken by {places[sku]}", "give each pack an SKU of its own"
                )
            elif node and sku:
                places[sku] = f"{product.file}:{node.line}"


def check_prices(products: Iterable[Entry]) -> None:
    """Reports a struck-out price that is no higher than the price."""
    for product in products:
        for pack in product.facts.find(Pack):
            was = child(child(pack, "was"), "price")
            now, before = number_of(child(pack, "price")), number_of(was)
            if was and now is not None and before is not None and before <= now:
                what = f"the struck-out price {before} is not above the price {now}"
                product.facts.report(was.line, what, "write the higher price that was asked before, or remove was")


def check_zones(paper: Paper) -> None:
    """Reports zones that are no province, stand there twice, or have not one of `postage` and `refused: true`."""
    lines: dict[str, int] = {}
    for zone in paper.find(Zone):
        province = child(zone, "province")
        name = text_of(province)
        if province and name and name not in districts():
            paper.report(province.line, f"there is no province {shown(name)}", instead_of(name, districts()))
        elif province and name in lines:
            paper.report(province.line, f"{name} stands in line {lines[name]} already", "keep one of the two")
        elif province and name:
            lines[name] = province.line
        refused = child(zone, "refused")
        given = [bool(child(zone, "postage")), bool(refused and plain(refused) is True)]
        if isinstance(zone, Fields) and sum(given) != 1:
            what = f"the zone has {'both' if all(given) else 'neither'} of postage and refused: true"
            paper.report(zone.line, what, "write one of the two")


def check_periods(shop: Paper) -> None:
    """Reports periods of the calendar that end before they begin, or last too long."""
    for period in shop.find(Period):
        last = child(period, "last")
        begins, ends = day_of(child(period, "first")), day_of(last)
        if last and begins and ends:
            what, days = f"the period from {begins} to {ends}", (ends - begins).days + 1
            if days < 1:
                shop.report(last.line, f"{what} ends before it begins", "write a last day after the first, or the same")
            elif days > LONGEST:
                shop.report(last.line, f"{what} lasts {days} days", f"write days that are at most {LONGEST} in all")


def check_production(shop: Paper | None, shelves: Shelves) -> None:
    """Reports what a shop that really sells may not have, or must not lack."""
    for paper in papers(shop, every(shelves)):
        sample = child(paper.fields, "sample")
        if sample and plain(sample) is True:
            paper.report(sample.line, "this is a sample", "write what is really sold, then remove sample: true")
    if shop:
        check_number(shop, "licence", "of the business licence")
        check_number(shop, "icp", "of the site's registration (ICP)")
    for product in shelves["products"]:
        if text_of(product.get("kind")) == "food":
            check_number(product.facts, "licence", "of the food licence or the workshop's registration")


def check_number(paper: Paper, name: str, meaning: str) -> None:
    """Reports a number that is not there, or blank."""
    node = child(paper.fields, name)
    if paper.fields and not text_of(node):
        paper.report((node or paper.fields).line, f"{name} is missing", f"add {name}, the number {meaning}")


def papers(shop: Paper | None, entries: Iterable[Entry]) -> Iterator[Paper]:
    """The files that hold facts: the shop's, if there is one, and the entries' Chinese ones."""
    return chain([shop] if shop else [], (entry.facts for entry in entries))


def every(shelves: Shelves) -> Iterator[Entry]:
    """The entries of all shelves."""
    return chain.from_iterable(shelves.values())
