"""The fields that content may write, as the catalogue's types have them."""

from collections.abc import Iterator
from typing import Any

from storefront.read import forms


def written(type_: Any, way: str = "") -> Iterator[str]:
    """The way to each field of a record and of the records in it, such as packs.sku; a Text is one field."""
    for name, info in forms.fields_of(type_).items():
        yield way + name
        inner = forms.item_of(info.type) or info.type
        if forms.is_record(inner) and not forms.is_text(inner):
            yield from written(inner, f"{way}{name}.")
