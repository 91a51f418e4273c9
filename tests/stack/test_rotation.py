"""The stage's secret is replaced while the shop sells: each key stays one order, and new ones come from the new one."""

from typing import Any

import msgspec
from chalicelib.domain.keys import Keys
from cunbo.deploy import secret
from cunbo.deploy.package import LOCAL
from cunbo.deploy.rotation import rotate
from cunbo.deploy.stack import Stack
from cunbo.load.surge import order_of

from tests.conftest import RunningShop
from tests.stack.helpers import call

SKU = "spicy-cabbage-500g"


def test_a_rotation_beside_sales_loses_and_doubles_nothing(shop: RunningShop) -> None:
    def place(name: str) -> dict[str, Any]:
        status, order = call(shop, "POST", "/checkout", order_of(SKU, buyer=name), Idempotency_Key=f"rotation-{name}")
        assert status == 201, order
        return order

    def keys() -> Keys:
        return msgspec.json.decode(secret.read(cloud, shop.stack.outputs["SecretId"]), type=Keys)

    cloud = shop.stack.cloud
    first, during = place("key-before"), []
    old = keys()
    rotate(cloud, Stack(cloud, LOCAL), lambda _: during.extend(map(place, ("key-before", "key-during"))))
    new = keys()
    assert (new.old, new.next, new.current != old.current) == ((old.current, *old.old), None, True)
    last = place("key-after")
    assert last["order"] == new.tickets("rotation-key-after")[0].number, "no process goes on with the old secret"
    for one, name in ((first, "key-before"), (during[0], "key-before"), (during[1], "key-during"), (last, "key-after")):
        assert place(name)["order"] == one["order"]
        found = call(shop, "GET", f"/orders/{one['order']}", Authorization=f"Bearer {one['token']}")
        assert found[0] == 200
    assert during[0]["order"] == first["order"]
    assert during[1]["order"] == old.tickets("rotation-key-during")[0].number, "nothing is made of what is announced"
