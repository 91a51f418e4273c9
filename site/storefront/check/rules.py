"""What must hold between records, and between them and the files beside them, beyond the form of each.

**To add a rule, write a function that reports what breaks it, and call it in `check_record`**, or in `check` where it
looks at several records or at files beside them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path

from chalicelib.catalog import Pack, Period, PriceParts, Season, Zone
from chalicelib.districts import districts

from storefront.check import attachments, forbidden_words, links, markup, papers, programme, quotes, strays
from storefront.check.media import machine
from storefront.read.faults import Said, fault, listed, phrase
from storefront.read.forms import instead_of, looks, shown
from storefront.read.frontmatter import Fields, child, day_of, entries, number_of, plain, text_of
from storefront.read.records import ContentReader, SourceFile, SourceRecord

Shelves = Mapping[str, list[SourceRecord]]

CHEAP = 100
"""Fen. Nothing that is sent by parcel costs less: where a price does, it may be in yuan."""
LONGEST = 60
"""Days. No holiday lasts longer: where a period does, its year or month is not the one that was meant."""


def check(reader: ContentReader, shop: SourceFile | None, shelves: Shelves, today: date) -> set[Path]:
    """Report all that does not hold `today`; return the files that records name, which are published."""
    products = shelves["products"]
    if not products:
        reader.report(reader.content / "products", 1, *fault("no_product"))
    check_names(shop, shelves)
    check_skus(products)
    check_cheap(reader, products)
    if shop:
        check_zones(shop)
        check_periods(shop)
        markup.check([shop])
        forbidden_words.check([shop])
    named = attachments.check(reader, shelves)
    named |= links.check(reader.content, reader.sources, shelves, named)
    attachments.check_photographs(reader, named)
    strays.check(reader, named)
    forbidden_words.check_captions(reader, shelves["videos"])
    machine.check(reader.content, shelves["videos"])
    programme.check_days(reader, shop, shelves["live"], today)
    check_published(reader, shelves, today)
    return named


def check_record(record: SourceRecord) -> None:
    """Report all that does not hold within one record: what lies beside it, and all other records, are another matter.

    What is reported here is kept as long as the record's files stay as they are.
    """
    sources = [source for source in (record.facts, record.english) if source]
    markup.check(sources)
    check_also(record)
    for source in sources:
        quotes.check(source)
    if record.folder in forbidden_words.SELLING:
        forbidden_words.check(sources)
    if record.folder == "products":
        check_prices([record])
        check_floors([record])
        check_parts([record])
        check_zones(record.facts)
        check_seasons(record)
    if record.folder == "stories":
        check_steps(record)
    if record.folder == "live":
        programme.check_room(record)


def check_published(reader: ContentReader, shelves: Shelves, today: date) -> None:
    """Report days of publishing that cannot be; say which are still to come, for nothing waits for them."""
    for record in (*shelves["stories"], *shelves["videos"]):
        node = record.get("published")
        day = day_of(node)
        path = reader.content / record.folder / f"{record.id}.md"
        if node and day and day < programme.OLDEST:
            reader.report(path, node.line, *fault("published_old", day=str(day)))
        elif node and day and day > today:
            reader.notice(path, node.line, *fault("published_early", day=str(day)))


def check_seasons(record: SourceRecord) -> None:
    """Report a product's season that begins in the same month as an earlier one: the two languages pair them by it."""
    lines: dict[int, int] = {}
    for season in record.facts.find(Season):
        node = child(season, "first")
        month = number_of(node)
        if node and month in lines:
            record.facts.report(node.line, *fault("season_twice", month=month, line=lines[month]))
        elif node and month is not None:
            lines[month] = node.line


def check_steps(record: SourceRecord) -> None:
    """Report a process of one step."""
    node = record.get("steps")
    if node and len(entries(node)) == 1:
        record.facts.report(node.line, *fault("steps_alone"))


def check_names(shop: SourceFile | None, shelves: Shelves) -> None:
    """Report each record that names a village or a product that does not exist."""
    for folder, field in (("villages", "village"), ("products", "products"), ("products", "first")):
        known = {record.id for record in shelves[folder]}
        for source in sources(shop, every(shelves)):
            node = child(source.fields, field)
            for name in entries(node) or (node,):
                if name and text_of(name) and text_of(name) not in known:
                    first = phrase("write_first", words=f"{folder}/{text_of(name)}.md")
                    remedy = one_of(str(text_of(name)), sorted(known)) if known else first
                    told = fault("no_record", kind=phrase(folder[:-1]), words=shown(name), remedy=remedy)
                    source.report(name.line, *told)


def one_of(name: str, known: list[str]) -> Said:
    """Return a remedy for a name that is not known: the one that looks the same, or else all there are."""
    if any(looks(one) == looks(name) for one in known):
        return instead_of(name, known)
    return phrase("write_one_of", words=listed(known))


def check_skus(products: Iterable[SourceRecord]) -> None:
    """Report each SKU that an earlier pack has already."""
    places: dict[str, str] = {}
    for product in products:
        for node in (child(pack, "sku") for pack in product.facts.find(Pack)):
            sku = text_of(node)
            if node and sku in places:
                product.facts.report(node.line, *fault("sku_taken", words=sku, place=places[sku]))
            elif node and sku:
                places[sku] = f"{product.file}:{node.line}"


def check_prices(products: Iterable[SourceRecord]) -> None:
    """Report a struck-out price that is no higher than the price."""
    for product in products:
        for pack in product.facts.find(Pack):
            was = child(child(pack, "was"), "price")
            now, before = number_of(child(pack, "price")), number_of(was)
            if was and now is not None and before is not None and before <= now:
                product.facts.report(was.line, *fault("was_low", before=before, now=now))


def check_cheap(reader: ContentReader, products: Iterable[SourceRecord]) -> None:
    """Say where a price is so low that yuan may have been meant."""
    for product in products:
        for node in (child(pack, "price") for pack in product.facts.find(Pack)):
            price = number_of(node)
            if node and price is not None and 0 < price < CHEAP:
                told = fault("cheap", price=price, yuan=f"{price / 100:.2f}", fen=price * 100)
                reader.notice(reader.content / product.folder / f"{product.id}.md", node.line, *told)


def check_also(record: SourceRecord) -> None:
    """Report words to be found by that are several in one, with a comma of Chinese between them."""
    for node in entries(record.get("also")):
        words = text_of(node) or ""
        if re.search("[，、；;,]", words):
            fixed = ", ".join(re.split("[，、；;, ]+", words))
            record.facts.report(node.line, *fault("several", words=shown(words), fixed=fixed))


def check_floors(products: Iterable[SourceRecord]) -> None:
    """Report a floor for drops that is above the price, at which nothing could be sold in one."""
    for product in products:
        for pack in product.facts.find(Pack):
            node = child(pack, "drop_floor")
            price, floor = number_of(child(pack, "price")), number_of(node)
            if node and price is not None and floor is not None and floor > price:
                told = fault("floor_high", floor=floor, price=price, half=-(-price // 2))
                product.facts.report(node.line, *told)


def check_parts(products: Iterable[SourceRecord]) -> None:
    """Report parts of a price that come to more than the price."""
    for product in products:
        for pack in product.facts.find(Pack):
            node, price = child(pack, "parts"), number_of(child(pack, "price"))
            whole = sum(number_of(child(node, name)) or 0 for name in PriceParts.__struct_fields__) if node else 0
            if node and price is not None and whole > price:
                product.facts.report(node.line, *fault("parts_high", whole=whole, price=price))


def check_zones(source: SourceFile) -> None:
    """Report zones that are no province, stand there twice, or have not one of `postage` and `refused: true`."""
    lines: dict[str, int] = {}
    for zone in source.find(Zone):
        province = child(zone, "province")
        name = text_of(province)
        if province and name and name not in districts():
            told = fault("no_province", words=shown(name), remedy=instead_of(name, districts()))
            source.report(province.line, *told)
        elif province and name in lines:
            source.report(province.line, *fault("province_twice", words=name, line=lines[name]))
        elif province and name:
            lines[name] = province.line
        refused = child(zone, "refused")
        given = [bool(child(zone, "postage")), bool(refused and plain(refused) is True)]
        if isinstance(zone, Fields) and sum(given) != 1:
            source.report(zone.line, *fault("zone", given=phrase("both" if all(given) else "neither")))


def check_periods(shop: SourceFile) -> None:
    """Report periods of the calendar that end before they begin, or last too long."""
    for period in shop.find(Period):
        last = child(period, "last")
        begins, ends = day_of(child(period, "first")), day_of(last)
        if last and begins and ends:
            days, between = (ends - begins).days + 1, {"begins": str(begins), "ends": str(ends)}
            if days < 1:
                shop.report(last.line, *fault("period_back", **between))
            elif days > LONGEST:
                shop.report(last.line, *fault("period_long", **between, days=days, longest=LONGEST))


def check_production(shop: SourceFile | None, shelves: Shelves) -> None:
    """Report what a shop that really sells may not have, or must not lack."""
    for source in sources(shop, every(shelves)):
        sample = child(source.fields, "sample")
        if sample and plain(sample) is True:
            source.report(sample.line, *fault("sample"))
    if shop:
        check_number(shop, "licence", "no_licence")
        check_number(shop, "icp", "no_icp")
    papers.check(shelves["products"])


def check_number(source: SourceFile, name: str, told: str) -> None:
    """Report a number that is missing or blank, by the name of its fault."""
    node = child(source.fields, name)
    if source.fields and not text_of(node):
        source.report((node or source.fields).line, *fault(told))


def sources(shop: SourceFile | None, records: Iterable[SourceRecord]) -> Iterator[SourceFile]:
    """Return the files that hold facts: the shop's, if there is one, and the records' Chinese ones."""
    return chain([shop] if shop else [], (record.facts for record in records))


def every(shelves: Shelves) -> Iterator[SourceRecord]:
    """Return the records of all shelves."""
    return chain.from_iterable(shelves.values())
