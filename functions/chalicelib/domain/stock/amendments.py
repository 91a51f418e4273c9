"""Amendments: what the desk changes at once of what the catalogue says of a SKU. Pure rules, no I/O.

The catalogue is the truth. An amendment names the value that it amends (`of`), and is in force only while the catalogue
says just that: a build of the content that says another one wins, and nothing has to be put back. It ends sooner at an
instant of its own, where it has one, or when somebody takes it back. **Whoever asks what a SKU costs, or how many of it
may be bought, asks `offered`.**
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain, combinations

import msgspec

from chalicelib.catalog import Catalog, Pack, Product
from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.commands import CartLine
from chalicelib.domain.errors import Fault


class Amended(StrEnum):
    """What may be amended: a price in fen, a limit in units, or whether it is on the shelf (1 or 0). All are stored."""

    PRICE = "price"
    PER_ORDER = "per_order"
    PER_BUYER = "per_buyer"
    SHELF = "shelf"


class Amendment(msgspec.Struct, frozen=True, omit_defaults=True):
    """That something is `to` instead of what the catalogue says, `of`: since `at`, by whom, and until when, if ever."""

    what: Amended
    to: int
    of: int
    at: datetime
    by: Actor = UNKNOWN
    until: datetime | None = None

    def is_in_force(self, said: int, now: datetime) -> bool:
        """Return whether it holds where the catalogue says `said`."""
        return self.of == said and (self.until is None or now < self.until)


class Offer(msgspec.Struct, frozen=True):
    """What is offered of a SKU now: the product and its pack as amended, and whether it is `off` the shelf."""

    product: Product
    pack: Pack
    off: bool = False


def said(catalog: Catalog, sku: str) -> dict[Amended, int]:
    """Return what the catalogue says of a SKU, of all that may be amended."""
    product = catalog.product_of[sku]
    return {
        Amended.PRICE: catalog.packs[sku].price,
        Amended.PER_ORDER: product.per_order,
        Amended.PER_BUYER: product.per_buyer,
        Amended.SHELF: 1,
    }


def in_force(catalog: Catalog, sku: str, amendments: Iterable[Amendment], now: datetime) -> dict[Amended, Amendment]:
    """Return the amendments of a SKU that hold now."""
    says = said(catalog, sku)
    return {one.what: one for one in amendments if one.is_in_force(says[one.what], now)}


def offered(catalog: Catalog, sku: str, amendments: Iterable[Amendment], now: datetime) -> Offer:
    """Return what is offered of a SKU of the catalogue, as its amendments have it now."""
    product, pack = catalog.product_of[sku], catalog.packs[sku]
    held = in_force(catalog, sku, amendments, now)
    if not held:
        return Offer(product, pack)
    product = _amended(product, sku, {what: one.to for what, one in held.items()})
    pack = next(one for one in product.packs if one.sku == sku)
    return Offer(product, pack, off=Amended.SHELF in held and not held[Amended.SHELF].to)


def ever_offered(catalog: Catalog, sku: str, amendments: Iterable[Amendment]) -> Iterator[Product]:
    """Yield the product as it is offered while these hold: any of them may end before the others do."""
    says = said(catalog, sku)
    held = [one for one in amendments if one.of == says[one.what] and one.what is not Amended.SHELF]
    for some in chain.from_iterable(combinations(held, count) for count in range(1, len(held) + 1)):
        yield _amended(catalog.product_of[sku], sku, {one.what: one.to for one in some})


def line_faults(lines: Sequence[CartLine], offers: Mapping[str, Offer], no_return: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with lines of a cart, where `offers` are what is sold of their SKUs."""
    wishes: dict[str, int] = {}
    for line in lines:
        wishes[line.sku] = wishes.get(line.sku, 0) + line.quantity
    for index, line in enumerate(lines):
        product = offers[line.sku].product if line.sku in offers else None
        if product is None:
            yield Fault(f"/lines/{index}/sku", f"{line.sku} is not sold here", sku=line.sku)
        elif wishes[line.sku] > product.per_order:
            words = f"at most {product.per_order} units of {line.sku} in one order"
            yield Fault(f"/lines/{index}/quantity", words, sku=line.sku)
        elif product.returns == "confirm" and line.sku not in no_return:
            yield Fault("/no_return", f"{line.sku} cannot come back: the buyer must agree to that", sku=line.sku)


def _amended(product: Product, sku: str, to: Mapping[Amended, int]) -> Product:
    packs = tuple(_priced(pack, to.get(Amended.PRICE)) if pack.sku == sku else pack for pack in product.packs)
    return msgspec.structs.replace(
        product,
        packs=packs,
        per_order=to.get(Amended.PER_ORDER, product.per_order),
        per_buyer=to.get(Amended.PER_BUYER, product.per_buyer),
    )


def _priced(pack: Pack, price: int | None) -> Pack:
    """The pack at this price; a price that was struck out and is no higher than it goes, and no drop's floor is."""
    if price is None:
        return pack
    was = pack.was if pack.was and pack.was.price > price else None
    floor = None if pack.drop_floor is None else min(pack.drop_floor, price)
    return msgspec.structs.replace(pack, price=price, was=was, drop_floor=floor)
