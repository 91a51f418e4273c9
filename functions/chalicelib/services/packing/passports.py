"""The passport of a batch, for whoever has a jar in their hands: what its label says, as it was when it was packed.

A code on a jar names SKU and day, so it can be guessed; nothing here is of any one jar, order or buyer.
"""

from datetime import date, timedelta
from typing import Any

import msgspec

from chalicelib.catalog import Catalog, Pack, Product, Shop
from chalicelib.domain.errors import Fault, Invalid, NotFound, OtherDate
from chalicelib.domain.packing.jar_labels import JarLabel
from chalicelib.domain.stock.passports import Passport
from chalicelib.services.planning import made
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


class SaidThen(msgspec.Struct, frozen=True):
    """What was said of goods and of who sells them; what newer code does not know is left out."""

    product: Product
    shop: Shop


class JarFacts(msgspec.Struct, frozen=True):
    """What a jar's page tells: the batch, and the goods as they were when packed; before, as they are today."""

    passport: Passport
    product: Product
    pack: Pack
    shop: Shop

    @property
    def best_before(self) -> date | None:
        """The day until which it keeps; None where it is not known when it was made, or for how many days it keeps."""
        made_on, days = self.passport.made, self.product.keeps_days
        return made_on + timedelta(days=days) if made_on and days else None


def jar_facts(stage: Stage, store: Store, sku: str, day: date) -> JarFacts:
    """Return what is known of a batch; raise NotFound where there is, and was, none."""
    found = store.passports.load(sku, day)
    if found is None and day not in made(store, sku, day):
        raise NotFound("there is no batch of this code")
    passport = found or Passport(sku, day)
    said = _said_then(store, passport) or _said_now(stage.catalog, sku)
    pack = next((one for one in said.product.packs if one.sku == sku), None) if said else None
    if said is None or pack is None:
        raise NotFound("nothing is known any more of the goods of this code")
    return JarFacts(passport, said.product, pack, said.shop)


def label_jars(stage: Stage, store: Store, sku: str, day: date, made_on: date | None) -> JarLabel:
    """Return what stands on the jars of a batch, and keep the day on which it was made, where that is said.

    Raise NotFound where the catalogue has no such SKU, Invalid for a later day, OtherDate where it is another one.
    """
    product, pack = stage.catalog.product_of.get(sku), stage.catalog.packs.get(sku)
    if product is None or pack is None:
        raise NotFound("the catalogue has no such SKU")
    if made_on and made_on > day:
        raise Invalid([Fault("/made", "a day that is not after the one on which it ships")])
    if made_on and not store.passports.set_made(sku, day, made_on):
        raise OtherDate("its labels have another date of production, which stays as it is")
    found = store.passports.load(sku, day)
    return JarLabel(product, pack, day, found.made if found else None)


def _said_then(store: Store, passport: Passport) -> SaidThen | None:
    said = store.orders.shown(passport.shown) if passport.shown else None
    return _lenient(msgspec.json.decode(said)) if said else None


def _lenient(said: dict[str, Any]) -> SaidThen:
    """Stored records are strict about names: those that have gone since are dropped before they are read."""
    kept = {
        name: {field: value for field, value in said[name].items() if field in kind.__struct_fields__}
        for name, kind in (("product", Product), ("shop", Shop))
    }
    return msgspec.convert(kept, SaidThen)


def _said_now(catalog: Catalog, sku: str) -> SaidThen | None:
    product = catalog.product_of.get(sku)
    return SaidThen(product, catalog.shop) if product else None
