"""What pages tell machines of themselves: the catalogue's records in schema.org's words, as plain values.

Nothing is said that is not known when the site is built. Whether an offer can be had is said as far as its content
plans it (data/merchant.py); the product's page puts it right by what is left when somebody, or a search engine, looks.
A price holds as long as a build does. A test holds the types and properties used to schema.org's own vocabulary.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from chalicelib.catalog import Catalog, Pack, Product, Room, Story, Video
from chalicelib.domain.orders.postage import postages

from storefront.build.data.merchant import amount, is_offered
from storefront.build.programme import ZONE, falls_out, instant
from storefront.build.spoken import Spoken
from storefront.read import messages
from storefront.read.messages import localised

Node = dict[str, Any]

RETURNS: dict[str, Node] = {
    "fresh": {"returnPolicyCategory": "https://schema.org/MerchantReturnNotPermitted"},
    "confirm": {"returnPolicyCategory": "https://schema.org/MerchantReturnNotPermitted"},
    "seven-days": {
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": 7,
        "returnFees": "https://schema.org/ReturnFeesCustomerResponsibility",
        "returnMethod": "https://schema.org/ReturnByMail",
    },
}
"""What may come back, by the catalogue's own words for it."""


class StructuredData:
    """The records that others may show, in one language, for a shop at `origin`, which has no slash at its end.

    Prices hold `until` a day.
    """

    def __init__(self, catalog: Catalog, lang: str, origin: str, until: date) -> None:
        self.catalog = catalog
        self.lang = lang
        self.origin = origin
        self.until = until

    def address(self, path: str) -> str:
        """Return the whole address of a path."""
        return self.origin + path

    def page(self, *nodes: Node) -> Node:
        """Return the nodes of a page as one document."""
        return {"@context": "https://schema.org", "@graph": [node for node in nodes if node]}

    def trail(self, *steps: tuple[str, str]) -> Node:
        """Return the breadcrumbs to a page; `steps` are names and paths, home left out."""
        whole = [(self._say(self.catalog.shop.name), "/"), *steps]
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": self._page(path)}
                for place, (name, path) in enumerate(whole, 1)
            ],
        }

    def shop(self) -> Node:
        """Return the shop as the seller."""
        shop = self.catalog.shop
        return {
            "@type": "OnlineStore",
            "name": self._say(shop.name),
            "slogan": self._say(shop.slogan),
            "legalName": self._say(shop.seller),
            "address": self._say(shop.address),
            "email": shop.contact,
            "url": self._page("/"),
        }

    def product(self, product: Product, pictures: list[str], here: str, spoken: Spoken | None = None) -> Node:
        """Return the product sold at the page `here`, one offer a pack; `pictures` are paths, `spoken` its reviews."""
        rating = (
            {
                "aggregateRating": {
                    "@type": "AggregateRating",
                    "ratingValue": f"{spoken.average:.1f}",
                    "reviewCount": spoken.count,
                }
            }
            if spoken and spoken.average
            else {}
        )
        return {
            "@type": "Product",
            "name": self._say(product.name),
            "description": self._say(product.summary),
            "image": [self.address(path) for path in pictures],
            "brand": {"@type": "Brand", "name": self._say(self.catalog.shop.name)},
            "offers": [self._offer(product, pack, here) for pack in product.packs],
            **rating,
        }

    def video(self, video: Video, picture: str, clip: str) -> Node:
        """Return a clip with its chapters; `picture` and `clip` are paths. Nothing where it is not others' to show."""
        if video.id not in {fed.id for fed in self.catalog.videos}:
            return {}
        return {
            "@type": "VideoObject",
            "name": self._say(video.title),
            "description": self._say(video.summary),
            "inLanguage": self._language(),
            "thumbnailUrl": self.address(picture),
            "contentUrl": self.address(clip),
            "uploadDate": str(video.published),
            "duration": f"PT{video.seconds}S",
            "publisher": self.shop(),
            "hasPart": [
                {
                    "@type": "Clip",
                    "name": self._say(chapter.title),
                    "startOffset": chapter.at,
                    "endOffset": end,
                    "url": self._page(f"/videos/{video.id}/#t={chapter.at}"),
                }
                for chapter, end in zip(
                    video.chapters, [*(later.at for later in video.chapters[1:]), video.seconds], strict=False
                )
            ],
        }

    def shows(self, rooms: Iterable[Room]) -> list[Node]:
        """Return when rooms are on air: weekly shows by their schedule, specials by their day."""
        return [node for room in rooms for node in self._shows(room)]

    def _shows(self, room: Room) -> Iterator[Node]:
        where = self._page(f"/rooms/{room.id}/")
        common = {
            "url": where,
            "image": self.address(room.picture.src),
            "description": self._say(room.summary),
            "inLanguage": "zh-CN",
            "isAccessibleForFree": True,
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": where},
            "organizer": self.shop(),
        }
        for show in room.programme:
            out = falls_out(room, show, self.catalog.shop.calendar)
            yield {
                "@type": "Event",
                "name": self._say(room.name),
                **common,
                "eventSchedule": {
                    "@type": "Schedule",
                    "byDay": [f"https://schema.org/{day.capitalize()}" for day in show.days],
                    "startTime": f"{show.start}:00",
                    "endTime": f"{show.end}:00",
                    "repeatFrequency": "P1W",
                    "scheduleTimezone": str(ZONE),
                    **({"exceptDate": [str(day) for day in out]} if out else {}),
                },
            }
        for special in room.specials:
            yield {
                "@type": "BroadcastEvent",
                "name": self._say(special.title),
                **common,
                "isLiveBroadcast": True,
                "startDate": instant(special.day, special.start).isoformat(),
                "endDate": instant(special.day, special.end).isoformat(),
            }

    def story(self, story: Story, picture: str, here: str) -> Node:
        """Return a story, and where its facts come from; `picture` and `here` are paths."""
        return {
            "@type": "Article",
            "headline": self._say(story.title),
            "description": self._say(story.summary),
            "image": self.address(picture),
            "inLanguage": self._language(),
            "datePublished": str(story.published),
            "publisher": self.shop(),
            "author": self.shop(),
            "citation": self._say(story.source),
            "mainEntityOfPage": self.address(here),
        }

    def _offer(self, product: Product, pack: Pack, here: str) -> Node:
        return {
            "@type": "Offer",
            "sku": pack.sku,
            "name": self._say(pack.name),
            "url": self.address(here),
            "price": amount(pack.price),
            "priceCurrency": "CNY",
            "priceValidUntil": str(self.until),
            "availability": "https://schema.org/" + ("InStock" if is_offered(self.catalog, product) else "OutOfStock"),
            "itemCondition": "https://schema.org/NewCondition",
            "shippingDetails": self._shipping(product),
            "hasMerchantReturnPolicy": {
                "@type": "MerchantReturnPolicy",
                "applicableCountry": "CN",
                **RETURNS[product.returns],
            },
        }

    def _shipping(self, product: Product) -> list[Node]:
        """Return what a parcel costs, and where; those without a province hold for all that no other one names."""
        names = messages.of(self.lang)["provinces"]
        return [
            {
                "@type": "OfferShippingDetails",
                "shippingDestination": {
                    "@type": "DefinedRegion",
                    "addressCountry": "CN",
                    **({"addressRegion": [names.get(each, each) for each in provinces]} if provinces else {}),
                },
                **(
                    {"doesNotShip": True}
                    if postage is None
                    else {"shippingRate": {"@type": "MonetaryAmount", "value": amount(postage), "currency": "CNY"}}
                ),
            }
            for postage, provinces in postages(self.catalog.shop, product).items()
        ]

    def _say(self, text: Any) -> str:
        return str(getattr(text, self.lang))

    def _language(self) -> str:
        return "zh-CN" if self.lang == "zh" else "en"

    def _page(self, path: str) -> str:
        return self.address(localised(self.lang, path))
