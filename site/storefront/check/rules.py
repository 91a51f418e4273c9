"""What must hold between records, and between them and the files beside them, beyond the form of each.

**To add a rule, write a function that reports what breaks it, and call it in `check_record`**, or in `check` where it
looks at several records or at files beside them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from chalicelib.catalog import Pack, Period, PriceParts, Zone
from chalicelib.districts import districts

from storefront.check import attachments, forbidden_words, markup, strays
from storefront.read.forms import instead_of, listed, shown
from storefront.read.frontmatter import Fields, child, day_of, entries, number_of, plain, text_of
from storefront.read.records import ContentReader, SourceFile, SourceRecord

Shelves = Mapping[str, list[SourceRecord]]

LONGEST = 60
"""Days. No holiday lasts longer: where a period does, its year or month is not the one that was meant."""


def check(reader: ContentReader, shop: SourceFile | None, shelves: Shelves) -> None:
    """Report all that does not hold."""
    products = shelves["products"]
    if not products:
        reader.report(
            reader.content / "products", 1, "there is no product", "write one, as products/x.md and products/x.en.md"
        )
    check_names(shop, shelves)
    check_skus(products)
    if shop:
        check_zones(shop)
        check_periods(shop)
        markup.check([shop])
    strays.check(reader, attachments.check(reader, shelves))


def check_record(record: SourceRecord) -> None:
    """Report all that does not hold within one record: what lies beside it, and all other records, are another matter.

    What is reported here is kept as long as the record's files stay as they are.
    """
    markup.check(source for source in (record.facts, record.english) if source)
    if record.folder == "products":
        check_prices([record])
        check_floors([record])
        check_parts([record])
        check_zones(record.facts)
        forbidden_words.check([record])


def check_names(shop: SourceFile | None, shelves: Shelves) -> None:
    """Report each record that names a village or a product that does not exist."""
    for folder, field in (("villages", "village"), ("products", "products"), ("products", "first")):
        known = {record.id for record in shelves[folder]}
        for source in sources(shop, every(shelves)):
            node = child(source.fields, field)
            for name in entries(node) or (node,):
                if name and text_of(name) and text_of(name) not in known:
                    remedy = (
                        f"write one of {listed(sorted(known))}" if known else f"write {folder}/{text_of(name)}.md first"
                    )
                    source.report(name.line, f"there is no {folder[:-1]} {shown(name)}", remedy)


def check_skus(products: Iterable[SourceRecord]) -> None:
    """Report each SKU that an earlier pack has already."""
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


def check_prices(products: Iterable[SourceRecord]) -> None:
    """Report a struck-out price that is no higher than the price."""
    for product in products:
        for pack in product.facts.find(Pack):
            was = child(child(pack, "was"), "price")
            now, before = number_of(child(pack, "price")), number_of(was)
            if was and now is not None and before is not None and before <= now:
                what = f"the struck-out price {before} is not above the price {now}"
                product.facts.report(was.line, what, "write the higher price that was asked before, or remove was")


def check_floors(products: Iterable[SourceRecord]) -> None:
    """Report a floor for drops that is above the price, at which nothing could be sold in one."""
    for product in products:
        for pack in product.facts.find(Pack):
            node = child(pack, "drop_floor")
            price, floor = number_of(child(pack, "price")), number_of(node)
            if node and price is not None and floor is not None and floor > price:
                what = f"the floor for drops {floor} is above the price {price}"
                remedy = f"write at most {price}, or remove drop_floor: then it is half the price, {-(-price // 2)}"
                product.facts.report(node.line, what, remedy)


def check_parts(products: Iterable[SourceRecord]) -> None:
    """Report parts of a price that come to more than the price."""
    for product in products:
        for pack in product.facts.find(Pack):
            node, price = child(pack, "parts"), number_of(child(pack, "price"))
            whole = sum(number_of(child(node, name)) or 0 for name in PriceParts.__struct_fields__) if node else 0
            if node and price is not None and whole > price:
                what = f"the parts come to {whole}, and the price is {price}"
                product.facts.report(node.line, what, "lower some of them: the village has what is left")


def check_zones(source: SourceFile) -> None:
    """Report zones that are no province, stand there twice, or have not one of `postage` and `refused: true`."""
    lines: dict[str, int] = {}
    for zone in source.find(Zone):
        province = child(zone, "province")
        name = text_of(province)
        if province and name and name not in districts():
            source.report(province.line, f"there is no province {shown(name)}", instead_of(name, districts()))
        elif province and name in lines:
            source.report(province.line, f"{name} stands in line {lines[name]} already", "keep one of the two")
        elif province and name:
            lines[name] = province.line
        refused = child(zone, "refused")
        given = [bool(child(zone, "postage")), bool(refused and plain(refused) is True)]
        if isinstance(zone, Fields) and sum(given) != 1:
            what = f"the zone has {'both' if all(given) else 'neither'} of postage and refused: true"
            source.report(zone.line, what, "write one of the two")


def check_periods(shop: SourceFile) -> None:
    """Report periods of the calendar that end before they begin, or last too long."""
    for period in shop.find(Period):
        last = child(period, "last")
        begins, ends = day_of(child(period, "first")), day_of(last)
        if last and begins and ends:
            what, days = f"the period from {begins} to {ends}", (ends - begins).days + 1
            if days < 1:
                shop.report(last.line, f"{what} ends before it begins", "write a last day after the first, or the same")
            elif days > LONGEST:
                shop.report(last.line, f"{what} lasts {days} days", f"write days that are at most {LONGEST} in all")


def check_production(shop: SourceFile | None, shelves: Shelves) -> None:
    """Report what a shop that really sells may not have, or must not lack."""
    for source in sources(shop, every(shelves)):
        sample = child(source.fields, "sample")
        if sample and plain(sample) is True:
            source.report(sample.line, "this is a sample", "write what is really sold, then remove sample: true")
    if shop:
        check_number(shop, "licence", "of the business licence")
        check_number(shop, "icp", "of the site's registration (ICP)")
    for product in shelves["products"]:
        if text_of(product.get("kind")) == "food":
            check_number(product.facts, "licence", "of the food licence or the workshop's registration")


def check_number(source: SourceFile, name: str, meaning: str) -> None:
    """Report a number that is missing or blank."""
    node = child(source.fields, name)
    if source.fields and not text_of(node):
        source.report((node or source.fields).line, f"{name} is missing", f"add {name}, the number {meaning}")


def sources(shop: SourceFile | None, records: Iterable[SourceRecord]) -> Iterator[SourceFile]:
    """Return the files that hold facts: the shop's, if there is one, and the records' Chinese ones."""
    return chain([shop] if shop else [], (record.facts for record in records))


def every(shelves: Shelves) -> Iterator[SourceRecord]:
    """Return the records of all shelves."""
    return chain.from_iterable(shelves.values())
