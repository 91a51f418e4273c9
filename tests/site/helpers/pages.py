"""The catalogue of the real content, and the addresses of the pages that the site has for it, in Chinese."""

from storefront.build import links
from storefront.check import content

from tests.site.helpers.built import ORIGIN, REPO

CATALOG = content.read(REPO / "content")
SHELVES = ("products", "villages", "stories", "videos", "rooms", "pages")
WRITTEN = [f"/{shelf}/{record.id}/" for shelf in SHELVES for record in getattr(CATALOG, shelf)]
ALL_OF_A_KIND = ["/channel/", *(f"/{shelf}/" for shelf in SHELVES if shelf not in ("pages", "videos"))]
READING = ["/", "/kept/", *ALL_OF_A_KIND, *WRITTEN]
DESK_PAGES = ("orders", "claims", "plan", "goods", "voices", "books", "trail", "people")
DESK = ["/desk/", *(f"/desk/{page}/" for page in DESK_PAGES)]
WORKING = ["/staff/", "/host/", "/pack/", "/pack/jars/", "/shares/", *DESK, "/live/board/"]
PAGES = [
    *READING,
    "/cart/",
    "/checkout/",
    "/order/",
    "/after/",
    "/orders/",
    "/waiting/",
    "/pay/sandbox/",
    "/look/",
    "/tell/",
    "/newsletter/",
    "/search/",
    "/jar/",
    "/away/",
    "/404.html",
    *WORKING,
]
OVERLAYS = [f"/live/{room.id}/overlay/" for room in CATALOG.rooms]
STAND_INS = [f"/links/q/{link}/" for link, _ in links.pages(CATALOG, ORIGIN)]
SHORTENED = [path for path, _ in links.shortened(CATALOG, ORIGIN)]
"""What leads on from addresses that people shorten, in each language."""
