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
    named = product.unit if product else catalog.ANY_UNIT
    return {"zh": named.zh, "en": named.en}


def pack_name(product: Product, pack: Pack) -> dict[str, str]:
    """Return what a pack is called, by language."""
    return {lang: catalog.pack_name(product, pack, lang) for lang in ("zh", "en")}
