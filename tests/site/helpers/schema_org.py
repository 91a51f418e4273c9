"""Keeps what schema.org says of the types that the shop's pages use, as data of the tests.

    npm pack schema-dts && tar xzf schema-dts-*.tgz
    python -m tests.site.helpers.schema_org package/dist/schema.d.ts package/package.json

schema-dts (Apache-2.0) is schema.org's vocabulary as TypeScript; only its facts are kept: which types there are, what
each descends from, which properties it has, and of what each property's value may be.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("schema-org.json")
USED = (
    "AggregateRating",
    "Article",
    "Brand",
    "BreadcrumbList",
    "BroadcastEvent",
    "Clip",
    "DefinedRegion",
    "Event",
    "ListItem",
    "MerchantReturnPolicy",
    "MonetaryAmount",
    "Offer",
    "OfferShippingDetails",
    "OnlineStore",
    "Product",
    "QuantitativeValue",
    "Schedule",
    "ShippingDeliveryTime",
    "VideoObject",
    "VirtualLocation",
    "WebPage",
)
INTERFACE = re.compile(r"^interface (\w+)Base extends ([\w, ]+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
PROPERTY = re.compile(r'^    "(\w+)"\?: SchemaValue<(.*?), "\w+">;', re.MULTILINE)
WITHOUT_OWN = re.compile(r"^export interface (\w+)Leaf extends (\w+)Base \{", re.MULTILINE)
THING = re.compile(r"^interface ThingBase extends Partial<IdReference> \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)


def facts(text: str) -> dict[str, Any]:
    """The used types and all that they descend from: parents, and properties with the kinds of their values."""
    found = {"Thing": {"parents": [], "properties": _properties(THING.findall(text)[0])}}
    for name, parents, body in INTERFACE.findall(text):
        above = [parent.strip().removesuffix("Base") for parent in parents.split(",") if "www_" not in parent]
        found[name] = {"parents": above, "properties": _properties(body)}
    for name, above in WITHOUT_OWN.findall(text):
        found.setdefault(name, {"parents": [above], "properties": {}})
    kept: dict[str, Any] = {}
    waiting = list(USED)
    while waiting:
        name = waiting.pop()
        if name not in kept and name in found:
            kept[name] = found[name]
            waiting += found[name]["parents"]
    return dict(sorted(kept.items()))


def _properties(body: str) -> dict[str, list[str]]:
    return {name: sorted({*kinds.split(" | ")} - {"IdReference"}) for name, kinds in PROPERTY.findall(body)}


if __name__ == "__main__":
    source, package = map(Path, sys.argv[1:])
    about = json.loads(package.read_text())
    kept = {"source": f"{about['name']} {about['version']}", "types": facts(source.read_text())}
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
