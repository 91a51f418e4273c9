"""What a template tells the frame that it fills: theme/shop.html, or theme/article.html, which fills the former.

A template says it at its top: `{% set frame = Frame(entry="pages/cart/cart.js", sheets=["prose"]) %}`. A name that is
not here fails the build, and so does a template without a frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.catalog import Picture, Record
from markupsafe import Markup

LONGEST_TITLE = 70
"""How many signs of a page's title a search engine or a tab shows at most."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every page of the shop may say of itself."""

    entry: str = "widgets/shop.js"
    """The module that runs the page, by its path in site/assets/js."""
    fetches: Sequence[str] = ()
    """Addresses that the module fetches at once, so that the browser begins with the page."""
    sheets: Sequence[str] = ()
    """The stylesheets that the page needs besides shop.css, by their paths in site/assets/css without ending."""
    next: Sequence[str] = ()
    """Addresses of modules and sheets that the next click needs, fetched when the page has all that it shows."""
    nodes: Sequence[dict[str, Any]] = ()
    """What the page tells machines (JSON-LD), made by `structured_data`. A page that tells something can be printed."""
    slip: bool = False
    """Whether the page is printed for a parcel."""
    cover: Picture | None = None
    """The picture that the page is shared with; the first village's where there is none."""
    kind: str = "website"
    """What Open Graph calls the page."""
    sample: bool = False
    """Whether the page's own record is made up."""
    place: str = "shop"
    """The class of <body>: the part of the shop that the page belongs to."""


@dataclass(frozen=True, kw_only=True)
class Article(Frame):
    """A page to read: a picture, a name and a summary above the text."""

    record: Record
    name: str


@dataclass(frozen=True)
class Samples:
    """How a page says that what it shows is made up; `shop` tells whether the whole shop is.

    It says so once, at its top, where the whole shop is a sample or the page's own record is; at each record that is
    one, where it stands among real ones.
    """

    shop: bool

    def bar(self, own: bool) -> str:
        """Return which words stand at the top of a page whose own record is a sample or not: shop, record or none."""
        return "shop" if self.shop else "record" if own else ""

    def tagged(self, sample: bool, own: bool = False) -> bool:
        """Return whether a record bears a tag; on its `own` page the bar says it, and in a sample shop each page's."""
        return sample and not own and not self.shop


def headed(title: str, shop: str = "") -> str:
    """Return a page's title with the shop's name behind it, at most 70 signs, as text; `title` may be Markup.

    Where that is too long, the parts of the title that stand behind a bar go first, the last ones before the others;
    then the shop's name; and a title that is longer yet is cut.
    """
    parts = " ".join((title.unescape() if isinstance(title, Markup) else title).split()).split(" | ")
    shorter = (" | ".join(filter(None, [*parts[:kept], shop])) for kept in range(len(parts), 0, -1))
    fits = next((each for each in (*shorter, parts[0]) if len(each) <= LONGEST_TITLE), "")
    return fits or parts[0][: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,:-") + "…"
