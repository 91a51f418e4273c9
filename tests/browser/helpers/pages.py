"""Which pages there are: one of each kind, with what the village has written."""

from cunbo.core.paths import ROOT
from storefront.check import content

from tests.browser.helpers.shopper import PRODUCT

CATALOG = content.read(ROOT / "content")
SHELVES = ("products", "villages", "stories", "videos", "rooms", "pages")
VILLAGE = "/villages/gaotaizi/"
STORY = "/stories/ship-by/"


def one_of_each_kind() -> list[str]:
    """A page of every kind, with the product that warns and the room that sells nothing, where there are such."""
    firsts = [f"/{shelf}/{record.id}/" for shelf in SHELVES for record in getattr(CATALOG, shelf)[:1]]
    warning = [f"/products/{product.id}/" for product in CATALOG.products if product.warnings][:1]
    quiet = [f"/rooms/{room.id}/" for room in CATALOG.rooms if not room.products][:1]
    return list(dict.fromkeys([*firsts, PRODUCT, VILLAGE, STORY, *warning, *quiet]))
