"""Where a page says that what it shows is made up: once, at its top, where the whole shop is a sample or the page's own
record is; at each record that is one, where it stands among real ones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Samples:
    """How the pages of a shop mark samples; `shop` tells whether the whole shop is one."""

    shop: bool

    def bar(self, own: bool) -> str:
        """Return which words stand at the top of a page whose own record is a sample or not: shop, record or none."""
        return "shop" if self.shop else "record" if own else ""

    def tagged(self, sample: bool, own: bool = False) -> bool:
        """Return whether a record bears a tag; on its `own` page the bar says it, and in a sample shop each page's."""
        return sample and not own and not self.shop
