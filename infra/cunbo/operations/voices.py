"""What buyers and readers have said that is shown, for the pages that are built next."""

import msgspec
from chalicelib.catalog import Catalog
from chalicelib.storage.store import Store

NEWEST = 2
"""Voices that a page has before its script asks for more: few, since a product's page is weighed to the byte."""


def spoken(store: Store, catalog: Catalog) -> bytes:
    """Return the newest voices of each subject that has some, as the site reads them; without photographs, whose
    addresses end.
    """
    kinds = {
        "product": [one.id for one in catalog.products],
        "story": [one.id for one in catalog.stories],
        "video": [one.id for one in catalog.videos],
    }
    subjects = [(kind, name) for kind, names in kinds.items() for name in names]
    found = {}
    for kind, name in (*subjects, ("shelf", "stories")):
        page = store.voices.spoken(f"{kind}:{name}", "", NEWEST)
        if page.count:
            found[f"{kind}/{name}"] = {"voices": page.voices, "count": page.count, "stars": page.stars}
    return msgspec.json.encode(found)
