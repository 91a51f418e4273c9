"""What is told: the JSON of each result, by feature, and the forms that they share. Instants end in Z."""

from datetime import UTC, datetime

from chalicelib import catalog
from chalicelib.catalog import Pack, Product


def instant(at: datetime) -> str:
    """Return an instant in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def millisecond(at: datetime) -> str:
    """Return an instant in UTC, to the millisecond: such an answer can be told from an earlier one."""
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def unit(product: Product | None) -> dict[str, str]:
    """Return what is counted of a product, by language: in English the word for one and for several, jar/jars.

    Of goods that have left the catalogue (None): items.
    """
    named = product.unit if product else catalog.ITEMS
    return {"zh": named.zh, "en": named.en}


def goods_name(sku: str, product: Product | None, pack: Pack | None) -> dict[str, str]:
    """Return what the goods of a SKU are called, by language: the SKU itself where they have left the catalogue."""
    return pack_name(product, pack) if product and pack else {"zh": sku, "en": sku}


def pack_name(product: Product, pack: Pack) -> dict[str, str]:
    """Return what a pack is called, by language."""
    return {lang: catalog.pack_name(product, pack, lang) for lang in ("zh", "en")}
