"""Devices and invitations in the table, by digests of their secrets, never by these."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TypeVar

import msgspec

from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.staff import Device, Invitation, digest
from chalicelib.storage.keys import STAFF, Item, body, staff_key, ttl
from chalicelib.storage.table import Table

T = TypeVar("T", bound=msgspec.Struct)


class DeviceStore:
    """Devices and invitations in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def device(self, token: str) -> Device | None:
        """Return the device that has this token. One read, of what is true now: a revoked device is out at once."""
        item = self.table.get(staff_key("device", digest(token)))
        return _in(item, Device) if item else None

    def devices(self) -> Iterator[Device]:
        """Return all that are kept, also those that were unused for so long that they are refused."""
        return (_in(item, Device) for item in self._all("device"))

    def invitation(self, secret: str) -> Invitation | None:
        """Return the invitation that this secret is of."""
        item = self.table.get(staff_key("invite", digest(secret)))
        return _in(item, Invitation) if item else None

    def invitations(self) -> Iterator[Invitation]:
        """Return all that are kept, those that were used or have ended among them."""
        return (_in(item, Invitation) for item in self._all("invite"))

    def invite(self, secret: str, invitation: Invitation) -> None:
        """Keep an invitation."""
        self.table.call("put_item", Item=_item("invite", digest(secret), invitation) | {"ttl": ttl(invitation.until)})

    def enrol(self, secret: str, invitation: Invitation, token: str, device: Device) -> bool:
        """Use the invitation up for the device, both or neither; return False where it is not as it was read."""
        used = msgspec.structs.replace(invitation, used_by=digest(token))
        put: Item = {
            "Item": _item("invite", digest(secret), used) | {"ttl": ttl(invitation.until)},
            "ConditionExpression": "body = :seen",
            "ExpressionAttributeValues": {":seen": body(invitation)},
        }
        return not self.table.transact([{"Put": put}, {"Put": {"Item": _device_item(token, device)}}])

    def note_use(self, token: str, device: Device, day: date) -> None:
        """Note that the device was used on that day, unless it was revoked since it was read."""
        item = _device_item(token, msgspec.structs.replace(device, seen=day))
        self.table.write("put_item", Item=item, ConditionExpression="attribute_exists(pk)")

    def revoke(self, id_: str) -> bool:
        """Forget the device or the invitation of this name; return False where there is neither.

        A name is eight hex digits of a digest: of two devices that share one, which is one chance in four billion for
        each pair, both are forgotten, so that none stays by mistake.
        """
        keys = [item["sk"]["S"] for item in self._all("device") if _in(item, Device).id == id_]
        keys += [item["sk"]["S"] for item in self._all("invite") if _in(item, Invitation).id == id_]
        for key in keys:
            self.table.call("delete_item", Key={"pk": {"S": STAFF}, "sk": {"S": key}})
        return bool(keys)

    def _all(self, kind: str) -> Iterator[Item]:
        return self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":pk": {"S": STAFF}, ":kind": {"S": f"{kind}#"}},
            ConsistentRead=True,
        )


def _device_item(token: str, device: Device) -> Item:
    """Goes by itself where nobody uses it any more; what older code stored has no end until its next use."""
    ends = datetime.combine(device.ends, time(), VILLAGE)
    return _item("device", digest(token), device) | {"ttl": ttl(ends)}


def _item(kind: str, name: str, record: msgspec.Struct) -> Item:
    return {**staff_key(kind, name), "body": body(record)}


def _in(item: Item, kind: type[T]) -> T:
    return msgspec.json.decode(item["body"]["S"], type=kind)
