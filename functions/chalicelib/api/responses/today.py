"""How the day stands, as the desk's first page tells it: by workshop, product and day."""

from typing import Any

import msgspec

from chalicelib.api.responses import goods_name, instant, millisecond, unit
from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import courier_comes
from chalicelib.services.desk.today import DayNow, SkuDay
from chalicelib.services.stage import Stage


def today(found: DayNow, stage: Stage) -> dict[str, Any]:
    """Return how the day stands; a workshop is known by its maker's name, "" for goods that left the catalogue."""
    catalog = stage.catalog
    workshops: dict[str, dict[str, Any]] = {}
    for one in found.units:
        product = catalog.product_of.get(one.sku)
        maker = {"zh": product.maker.zh, "en": product.maker.en} if product else {"zh": "", "en": ""}
        shop = workshops.setdefault(maker["zh"], {"maker": maker, "products": {}})
        shop["products"].setdefault(one.sku, []).append(one)
    return {
        "now": millisecond(stage.clock()),
        "day": found.day,
        "courier": instant(courier_comes(found.day, catalog.shop.calendar)),
        "orders": {"to_pack": found.to_pack, "late": found.late, "stopped": found.stopped},
        "workshops": [
            {
                "maker": shop["maker"],
                "products": [_product(sku, days, catalog) for sku, days in shop["products"].items()],
            }
            for shop in workshops.values()
        ],
        "money": [msgspec.structs.asdict(one) for one in found.money],
        "waits": found.waits,
        "needs": [{"kind": need.kind, "about": need.about, "since": instant(need.since)} for need in found.needs],
    }


def _product(sku: str, days: list[SkuDay], catalog: Catalog) -> dict[str, Any]:
    product = catalog.product_of.get(sku)
    return {
        "sku": sku,
        "name": goods_name(sku, product, catalog.packs.get(sku)),
        "unit": unit(product),
        "days": [{name: told for name, told in msgspec.structs.asdict(one).items() if name != "sku"} for one in days],
    }
