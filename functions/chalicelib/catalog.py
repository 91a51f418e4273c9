"""The catalogue: what the village sells, as content says it; the contract between site and functions.

Content is read and checked once, at build time, and published as catalog.json. These types are its whole form:
**to add a product field, add it to `Product` (or `Pack`) here** and show it in a template; the reader of front
matter follows the types. A `Text` is written once per language, everything else once only.
"""

from functools import cached_property
from typing import Annotated

import msgspec
from msgspec import Meta

# The description of each type is the remedy that `cunbo check` prints, so it says what to write.
Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=40,
        description="lower-case letters, digits and single hyphens, such as spicy-cabbage-500g",
    ),
]
Fen = Annotated[int, Meta(ge=1, le=10_000_000, description="a whole number of fen, such as 2990 for ¥29.90")]
Postage = Annotated[int, Meta(ge=0, le=100_000, description="a whole number of fen; 0 where postage is free")]
Grams = Annotated[int, Meta(ge=1, le=30_000, description="a whole number of grams from 1 to 30000")]
Days = Annotated[int, Meta(ge=0, le=730, description="a whole number of days from 0 to 730")]
Horizon = Annotated[int, Meta(ge=1, le=60, description="a whole number of days from 1 to 60")]
PerDay = Annotated[int, Meta(ge=0, le=100_000, description="how many units can be made in a day, a whole number")]
Words = Annotated[str, Meta(min_length=1, max_length=400, description="some words, at most 400 characters")]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the catalogue: immutable, and strict about names it does not know."""


class Text(Record, frozen=True):
    """One text in both of the shop's languages."""

    zh: Words
    en: Words


class Picture(Record, frozen=True):
    """A picture as pages show it; `src` is its path below the site's root, such as /products/spicy-cabbage.svg."""

    src: Words
    alt: Text


class Pack(Record, frozen=True):
    """What is put into the cart: one SKU, with its price in fen and its weight in grams."""

    sku: Slug
    name: Text
    price: Fen
    weight: Grams


class Production(Record, frozen=True):
    """How much hands can make: units of each SKU a day, the first day that ships, and how far ahead is planned."""

    per_day: PerDay
    lead_days: Days
    horizon_days: Horizon


class Product(Record, frozen=True):
    """A thing that the village makes. `id` is its file's name; `sample` marks what is made up for the sample shop."""

    id: Slug
    name: Text
    summary: Text
    village: Slug
    made_of: Text
    allergens: Text
    storage: Text
    shelf_life: Text
    maker: Text
    picture: Picture
    packs: Annotated[tuple[Pack, ...], Meta(min_length=1, description="a list of one pack or more")]
    production: Production
    sample: bool = False


class Village(Record, frozen=True):
    """A village that sells."""

    id: Slug
    name: Text
    summary: Text
    picture: Picture


class Story(Record, frozen=True):
    """A story of a village; `source` names where its facts come from and is shown with it."""

    id: Slug
    title: Text
    summary: Text
    village: Slug
    source: Text
    picture: Picture


class Shop(Record, frozen=True):
    """Who sells, as the footer and the law have it; `postage` is the fen that every order pays for its parcel."""

    name: Text
    slogan: Text
    seller: Text
    contact: Words
    licence: str = ""
    icp: str = ""
    postage: Postage = 0
    sample: bool = False


class Catalog(Record, frozen=True, dict=True):
    """All of it; `version` is a digest of the rest, so that two stages can be compared at a glance."""

    version: str
    shop: Shop
    villages: tuple[Village, ...]
    products: tuple[Product, ...]
    stories: tuple[Story, ...]

    @cached_property
    def packs(self) -> dict[str, Pack]:
        """Every pack by its SKU."""
        return {pack.sku: pack for product in self.products for pack in product.packs}


def load(data: bytes) -> Catalog:
    """The catalogue from catalog.json; raises msgspec.ValidationError where it has another form."""
    return msgspec.json.decode(data, type=Catalog)
