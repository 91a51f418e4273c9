"""The village's content, as the command reads it."""

from pathlib import Path

import msgspec
from chalicelib.catalog import Catalog
from storefront.check import content

from cunbo.core.refusal import Refusal


def read(folder: Path, production: bool = False) -> tuple[Catalog, bytes]:
    """Return the catalogue, and its bytes as the functions are packaged with them; raises Refusal with every fault."""
    try:
        catalog = content.read(folder, production)
    except content.BadContent as error:
        lines = "\n".join(map(str, error.faults))
        raise Refusal(f"the content has faults:\n{lines}") from None
    return catalog, msgspec.json.encode(catalog)
