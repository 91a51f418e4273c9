"""What stands on each jar of a batch. Pure rules, no I/O."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from chalicelib.catalog import Pack, Product


class JarLabel(msgspec.Struct, frozen=True):
    """What stands on each jar of a batch; `made` is None where the date of production is written by hand."""

    product: Product
    pack: Pack
    day: date
    made: date | None

    @property
    def lines(self) -> Iterator[str]:
        """The lines beside the code, in Chinese as the law wants it, without what only the whole label has room for."""
        yield f"批次 {self.day:%Y%m%d}"
        yield f"生产日期 {self.made:%Y-%m-%d}" if self.made else "生产日期 ________"
        if self.made and self.product.keeps_days:
            yield f"保质期至 {self.made + timedelta(days=self.product.keeps_days)}"
        else:
            yield f"保质期 {self.product.shelf_life.zh}"
        yield f"致敏物 {self.product.allergens.zh}"
        yield "扫码看配料和来历"
        if self.product.sample:
            yield "示例，并非真实商品"
