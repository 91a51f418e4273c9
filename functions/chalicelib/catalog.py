"""The catalogue: what the village sells, as content says it; the contract between site and functions.

Content is read and checked once, at build time, and packaged with the functions as catalog.json. These types are its
whole form; what of it everybody may read is for site/storefront/build/data/published.py to say.
**To add a product field, add it to `Product` (or `Pack`) here** and show it in a template; the reader of front
matter follows the types. A `Text` is written once per language, everything else once only.
"""

import hashlib
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, get_args

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
PartOfPrice = Annotated[int, Meta(ge=0, le=10_000_000, description="a whole number of fen, 0 for nothing")]
Grams = Annotated[int, Meta(ge=1, le=30_000, description="a whole number of grams from 1 to 30000")]
Days = Annotated[int, Meta(ge=0, le=730, description="a whole number of days from 0 to 730")]
Horizon = Annotated[int, Meta(ge=1, le=60, description="a whole number of days from 1 to 60")]
PerDay = Annotated[int, Meta(ge=0, le=100_000, description="how many units can be made in a day, a whole number")]
PerOrder = Annotated[int, Meta(ge=1, le=20, description="how many units one order may take, from 1 to 20")]
PerBuyer = Annotated[
    int, Meta(ge=0, le=20, description="how many units of one day's batch one buyer may have, from 1 to 20; 0 for any")
]
Seconds = Annotated[int, Meta(ge=1, le=7200, description="a whole number of seconds from 1 to 7200")]
Moment = Annotated[int, Meta(ge=0, le=7200, description="a whole number of seconds from the clip's beginning")]
Day = Annotated[date, Meta(description="a date, such as 2026-11-24")]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[WeekdayName, ...] = get_args(WeekdayName)
"""The days of the week in the order of `date.weekday`."""
Month = Annotated[int, Meta(ge=1, le=12, description="a month, a whole number from 1 to 12")]
Weekday = Annotated[WeekdayName, Meta(description="a day of the week in small letters, such as sunday")]
DayTime = Annotated[
    str,
    Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?\Z", description="a time of the day, such as 16:00"),
]
ShowStart = Annotated[
    str,
    Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="a time of the day with two digits each, such as 19:00"
    ),
]
ShowEnd = Annotated[
    str,
    Meta(
        pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z",
        description="a time of the day with two digits each, such as 21:00, or 24:00 for midnight",
    ),
]
Words = Annotated[str, Meta(min_length=1, max_length=400, description="some words, at most 400 characters")]
FileAddress = Annotated[
    str, Meta(min_length=1, max_length=4000, description="the name of a picture beside this file, such as jar.jpg")
]
"""Where a file lies; a Chinese character of its name is nine of an address."""
Phrase = Annotated[str, Meta(min_length=1, max_length=40, description="a word or a few, at most 40 characters")]
UnitInChinese = Annotated[
    str,
    Meta(
        pattern=r"^[^\s\d/]{1,4}\Z",
        description="one word of at most 4 characters for what is counted, such as 坛, 瓶, 盒, 包 or 份",
    ),
]
UnitInEnglish = Annotated[
    str,
    Meta(
        pattern=r"^[^\s\d/]([^\d/]{0,18}[^\s\d/])?/[^\s\d/]([^\d/]{0,18}[^\s\d/])?\Z",
        description="the word for one and for several with a slash between, such as jar/jars or box/boxes",
    ),
]
Kind = Annotated[
    Literal["food", "produce"], Meta(description="food (made by somebody) or produce (as it was harvested or dried)")
]
Returns = Annotated[
    Literal["fresh", "confirm", "seven-days"],
    Meta(
        description="fresh (perishable: no return), confirm (no return where the buyer agrees at checkout)"
        " or seven-days (may come back within seven days)"
    ),
]
"""Whether goods may come back without a reason (Consumer Rights Law, article 25)."""


MachineMade = Literal["picture", "voice"]
Machine = Annotated[MachineMade, Meta(description="picture or voice: what of the film a machine (AI) has made")]


Side = Literal["", "top", "bottom", "left", "right", "top left", "top right", "bottom left", "bottom right"]
Focus = Annotated[Side, Meta(description="top, bottom, left or right, or two of them, such as top left")]
Unsaid = Annotated[
    Literal["price", "weight", "made_of", "storage", "shelf_life"],
    Meta(description="price, weight, made_of, storage or shelf_life: what the clip says nothing of"),
]
"""Allergens are none of it: whoever is allergic must not be misled, so a change of them is always looked at."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the catalogue: immutable, and strict about names it does not know."""


class Text(Record, frozen=True):
    """One text in both of the shop's languages."""

    zh: Words
    en: Words


class Unit(Text, frozen=True):
    """What one of a product is called where a count stands before it: 瓶; jar/jars, for one and for several."""

    zh: UnitInChinese
    en: UnitInEnglish

    def count(self, number: int, lang: str) -> str:
        """Return a number of units in words, such as 60 瓶, 60 jars or 1 jar."""
        one, _, several = getattr(self, lang).partition("/")
        return f"{number} {one if number == 1 or not several else several}"


ITEMS = Unit("件", "item/items")
"""What is counted where a product does not say, or is no longer there to say."""


class Picture(Record, frozen=True):
    """A picture as pages show it; `src` is its address below the site's root, such as /products/spicy-cabbage.svg.

    Where a page has room for a part of it alone, the side that `focus` names is kept.
    """

    src: FileAddress
    alt: Text
    focus: Focus = ""


class Was(Record, frozen=True):
    """A price that is struck out, in fen; the law wants its `basis` said too (SAMR and CAC, order 117, article 32)."""

    price: Fen
    basis: Text


class PriceParts(Record, frozen=True):
    """What of a pack's price goes to whom, in fen; the village has the rest, less the payment provider's fee."""

    hands: PartOfPrice = 0
    field: PartOfPrice = 0
    jar: PartOfPrice = 0
    parcel: PartOfPrice = 0

    @property
    def sum(self) -> int:
        """All of them, in fen."""
        return self.hands + self.field + self.jar + self.parcel


class Pack(Record, frozen=True):
    """What is put into the cart: one SKU, with its price in fen and its net weight in grams.

    `drop_floor` is the lowest price, in fen, at which a host may open a drop of it; `parts` say where its price goes.
    """

    sku: Slug
    name: Text
    price: Fen
    weight: Grams
    was: Was | None = None
    drop_floor: Fen | None = None
    parts: PriceParts | None = None

    @property
    def floor(self) -> int:
        """The lowest price of a host's drop in fen: half the ordinary one, rounded up, where none is written."""
        return -(-self.price // 2) if self.drop_floor is None else self.drop_floor


class Zone(Record, frozen=True):
    """A province, by the district table's name, that pays other postage (in fen), or is not delivered to at all."""

    province: Words
    postage: Postage | None = None
    refused: bool = False


class Production(Record, frozen=True):
    """How much hands can make: units of each SKU a day, the first day that ships, and how far ahead is planned.

    `extra` units a day more can be made where a host asks for them on air.
    """

    per_day: PerDay
    lead_days: Days
    horizon_days: Horizon
    extra: PerDay = 0


class Wording(Record, frozen=True):
    """What a host may not say, as the law has it or since it is not so, and what to say instead."""

    avoid: Phrase
    say: Words


class Answer(Record, frozen=True):
    """A question that buyers ask on air, and what is right."""

    question: Words
    answer: Words


class HostCard(Record, frozen=True):
    """What a host has before their eyes while they show a product; in the language that they speak on air.

    It is for hosts alone: no page and no published file has it.
    """

    points: Annotated[tuple[Words, ...], Meta(max_length=8, description="a list of at most 8 selling points")] = ()
    wording: Annotated[tuple[Wording, ...], Meta(max_length=12, description="a list of at most 12 wordings")] = ()
    answers: Annotated[tuple[Answer, ...], Meta(max_length=12, description="a list of at most 12 answers")] = ()


class Season(Record, frozen=True):
    """Months in a row, `first` and `last` among them, and the work of them: 采挖, 晾晒. From 11 to 2 is a winter."""

    first: Month
    last: Month
    work: Text

    @property
    def months(self) -> tuple[int, ...]:
        """The months of it in their order, each from 1 to 12."""
        return tuple((self.first - 1 + step) % 12 + 1 for step in range((self.last - self.first) % 12 + 1))


class Product(Record, frozen=True):
    """A thing that a village sells. `id` is its file's name; `sample` marks what is made up for the sample shop.

    `date_rule` says how its date of production relates to the day that it ships, `keeps_days` for how many days it
    keeps from then on (0: `shelf_life` says it in words alone); `licence` is the number of the food licence or workshop
    registration, `standard` that of the standard it is made by, `maker_address` where the maker is; `unit` is what is
    counted; `zones` go before the shop's own;
    `also` is what else people call it, in any language: the search page finds it by these too; `seasons` say when it is
    grown, harvested or made.
    """

    id: Slug
    name: Text
    summary: Text
    kind: Kind
    village: Slug
    made_of: Text
    allergens: Text
    storage: Text
    shelf_life: Text
    date_rule: Text
    maker: Text
    origin: Text
    returns: Returns
    pictures: Annotated[tuple[Picture, ...], Meta(min_length=1, max_length=8, description="a list of 1 to 8 pictures")]
    packs: Annotated[tuple[Pack, ...], Meta(min_length=1, description="a list of one pack or more")]
    production: Production
    warnings: tuple[Text, ...] = ()
    licence: str = ""
    per_order: PerOrder = 20
    per_buyer: PerBuyer = 0
    unit: Unit = ITEMS
    zones: tuple[Zone, ...] = ()
    host_card: HostCard | None = None
    also: tuple[Words, ...] = ()
    keeps_days: Days = 0
    sample: bool = False
    standard: str = ""
    maker_address: Text | None = None
    seasons: Annotated[tuple[Season, ...], Meta(max_length=4, description="a list of at most 4 seasons")] = ()


class Village(Record, frozen=True):
    """A village that sells; `source` names where its facts come from and is shown with it."""

    id: Slug
    name: Text
    summary: Text
    source: Text
    picture: Picture


class StoryStep(Record, frozen=True):
    """One of the steps in which something is made or done: its name, what hands do, and a picture of it."""

    title: Text
    words: Text
    picture: Picture | None = None


class Story(Record, frozen=True):
    """A story of a village, and the products that it tells of; `source` as above, `published` by the shop.

    `steps` are a process that readers go through one by one.
    """

    id: Slug
    title: Text
    summary: Text
    village: Slug
    source: Text
    published: Day
    picture: Picture
    products: tuple[Slug, ...] = ()
    also: tuple[Words, ...] = ()
    steps: Annotated[tuple[StoryStep, ...], Meta(max_length=9, description="a list of 2 to 9 steps")] = ()


class Chapter(Record, frozen=True):
    """A part of a clip, from the second `at` on."""

    at: Moment
    title: Text


class PackThen(Record, frozen=True):
    """What a pack cost and weighed when a clip was filmed, in fen and grams."""

    sku: Slug
    price: Fen
    weight: Grams


class CutFrom(Record, frozen=True):
    """The show that a clip was cut from, and what was true of its product then: a change of that withdraws the clip.

    `day` and `time` are of the village's clock, where the clip begins. A change of what the clip says nothing of
    (`unsaid`) withdraws nothing.
    """

    room: Slug
    show: Words
    day: Day
    time: ShowStart
    packs: Annotated[tuple[PackThen, ...], Meta(min_length=1, description="a list of one pack or more")]
    made_of: Words
    allergens: Words
    storage: Words
    shelf_life: Words
    unsaid: tuple[Unsaid, ...] = ()


class Video(Record, frozen=True):
    """A clip, its poster, and the products that are shown in it; captions lie beside it, as <id>-zh.vtt and -en.vtt.

    A smaller rendition, where there is one, is called like the clip with -small before its ending. No file says the
    `seconds`: they are read from the clip. What of it a `machine` has made is said in its title and its poster's words,
    and so is the show that it was `cut_from`.
    """

    id: Slug
    title: Text
    summary: Text
    village: Slug
    clip: Words
    seconds: Seconds
    published: Day
    picture: Picture
    chapters: tuple[Chapter, ...] = ()
    products: tuple[Slug, ...] = ()
    sample: bool = False
    machine: Annotated[tuple[Machine, ...], Meta(max_length=2, description="a list: [picture], [voice] or both")] = ()
    cut_from: CutFrom | None = None


class WeeklyShow(Record, frozen=True):
    """A show that a room has every week, on `days`, from `start` until `end` by the village's clocks."""

    days: Annotated[
        tuple[Weekday, ...],
        Meta(min_length=1, max_length=7, description="a list of days of the week, such as [wednesday, saturday]"),
    ]
    start: ShowStart
    end: ShowEnd


class SpecialShow(Record, frozen=True):
    """A show of one `day` alone, such as a harvest; `slug` names it for good, so that calendars know it again."""

    slug: Slug
    day: Day
    start: ShowStart
    end: ShowEnd
    title: Text


class Room(Record, frozen=True):
    """A livestream room: what it sells (nothing, where it only shows the village), and when it is on air.

    `programme` is what comes every week, `specials` what comes once; when a weekly show falls out, and how times are
    said, follows from them (site/storefront/build/programme.py).
    """

    id: Slug
    name: Text
    summary: Text
    village: Slug
    picture: Picture
    programme: Annotated[
        tuple[WeeklyShow, ...], Meta(max_length=20, description="a list of at most 20 weekly shows")
    ] = ()
    specials: Annotated[tuple[SpecialShow, ...], Meta(max_length=60, description="a list of at most 60 shows")] = ()
    products: tuple[Slug, ...] = ()
    sample: bool = False


class Info(Record, frozen=True):
    """A page of plain text: delivery, returns, privacy, contact. Those `for_hosts` are not for shoppers to find."""

    id: Slug
    title: Text
    summary: Text
    for_hosts: bool = False
    also: tuple[Words, ...] = ()


class Period(Record, frozen=True):
    """Days in a row, `first` and `last` among them, and why nothing ships on them."""

    first: Day
    last: Day
    why: Text


class Calendar(Record, frozen=True):
    """When nothing ships: while `closed`, and each week on `rest_days`, nothing is made either.

    In `pauses` the courier takes nothing, and the workshops work on. What ships on a day is sold until `last_orders` of
    that day, by the village's clocks, or until the day ends. The courier takes the day's parcels at the time `courier`.
    """

    closed: tuple[Period, ...] = ()
    pauses: tuple[Period, ...] = ()
    rest_days: Annotated[
        tuple[Weekday, ...], Meta(max_length=6, description="a list of at most 6 days of the week, such as [sunday]")
    ] = ()
    last_orders: DayTime = ""
    courier: DayTime = ""


class Shop(Record, frozen=True):
    """Who sells, as the footer and the law have it; `postage` is the fen that an order pays outside all zones.

    `first` are the products that lead the shelf, in this order; the others follow by the names of their files.
    """

    name: Text
    slogan: Text
    seller: Text
    address: Text
    contact: Words
    licence: str = ""
    icp: str = ""
    postage: Postage = 0
    zones: tuple[Zone, ...] = ()
    calendar: Calendar = Calendar()
    first: tuple[Slug, ...] = ()
    sample: bool = False


class Catalog(Record, frozen=True, dict=True):
    """All of it; `version` is a digest of the rest, so that two stages can be compared at a glance."""

    version: str
    shop: Shop
    villages: tuple[Village, ...]
    products: tuple[Product, ...]
    stories: tuple[Story, ...]
    videos: tuple[Video, ...]
    rooms: tuple[Room, ...]
    pages: tuple[Info, ...]

    @cached_property
    def packs(self) -> dict[str, Pack]:
        """Every pack by its SKU."""
        return {pack.sku: pack for product in self.products for pack in product.packs}

    @cached_property
    def room_of(self) -> dict[str, Room]:
        """Every room by its id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def product_of(self) -> dict[str, Product]:
        """The product that each SKU is a pack of."""
        return {pack.sku: product for product in self.products for pack in product.packs}

    @property
    def samples(self) -> list[str]:
        """The ids of what is made up for a sample shop; `shop` where the shop itself is."""
        records: tuple[Product | Video | Room, ...] = (*self.products, *self.videos, *self.rooms)
        marked = [record.id for record in records if record.sample]
        return ["shop", *marked] if self.shop.sample else marked


def pack_name(product: Product, pack: Pack, lang: str) -> str:
    """Return what a pack is called in a language, with its product."""
    return f"{getattr(product.name, lang)} {getattr(pack.name, lang)}"


def shown(catalog: Catalog, product: Product) -> tuple[str, bytes]:
    """Return a digest that names for ever what is said to buyers of a product and of who sells it, and all that is."""
    told = msgspec.to_builtins(product, builtin_types=(date,))
    del told["host_card"]
    said = msgspec.json.encode({"product": told, "shop": catalog.shop})
    return hashlib.sha256(said).hexdigest()[:16], said


def load(data: bytes) -> Catalog:
    """Return the catalogue that catalog.json holds; raise msgspec.ValidationError where it has another form."""
    return msgspec.json.decode(data, type=Catalog)
