"""Who may come in: the one place where a device is asked who it is, and where devices are enrolled and put out."""

import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, date, timedelta

import msgspec

from chalicelib.domain import actor
from chalicelib.domain.calendar import village_day
from chalicelib.domain.errors import BadInvitation, Fault, Forbidden, Invalid, Malformed, NotFound, Unauthorized
from chalicelib.domain.keys import IDEMPOTENCY_KEY, Keys
from chalicelib.domain.staff import INVITED_FOR, NAME_LENGTH, Device, Invitation, Role, digest, named
from chalicelib.domain.text import odd, tidy
from chalicelib.services.stage import Clock
from chalicelib.storage.devices import DeviceStore


class Caller(msgspec.Struct, frozen=True):
    """What a request says of who makes it: its device's token, and on which origin the page is that sent it."""

    token: str
    writes: bool
    origin: str = ""
    site: str = ""


class Access:
    """The devices of a shop at `shop_url`."""

    def __init__(self, devices: DeviceStore, keys: Keys, shop_url: str, clock: Clock) -> None:
        self.devices, self.keys, self.shop_url, self.clock = devices, keys, shop_url, clock

    def authorize(self, caller: Caller, roles: Collection[Role], room: str | None = None) -> Device:
        """Return the device that calls, as it was before; `room` is the one in which it would act. One read.

        Its first call of a day notes the day, by one write. Raise Forbidden for another origin, role or room,
        Unauthorized for no device of ours, or one that was unused for too long.
        """
        self.must_be_ours(caller)
        device = self.devices.device(caller.token) if caller.token else None
        if device is None:
            raise Unauthorized("this device is not enrolled, or not any more: ask the manager for an invitation")
        today = self.today
        if today >= device.ends:
            words = "this device was not used for too long, and is out: ask the manager for an invitation"
            raise Unauthorized(words)
        if device.role not in roles:
            raise Forbidden(f"this device is enrolled as {device.role}, and this is for {' or '.join(sorted(roles))}")
        if room is not None and not device.may_act_in(room):
            raise Forbidden(f"this device may act in {', '.join(device.rooms or ()) or 'no room'}, and this is {room}")
        if device.seen != today:
            self.devices.note_use(caller.token, device, today)
        return device

    @property
    def today(self) -> date:
        """The village's day."""
        return village_day(self.clock())

    def must_be_ours(self, caller: Caller) -> None:
        """Return where a page of the shop itself sent the request; raise Forbidden.

        Browsers name the origin of every write, so one without is none of theirs.
        """
        elsewhere = caller.origin not in ({self.shop_url} if caller.writes else {self.shop_url, ""})
        if elsewhere or caller.site not in {"", "same-origin", "none"}:
            raise Forbidden(f"this works on the shop's own pages alone: open {self.shop_url}")

    def enrol(self, caller: Caller, idempotency_key: str, secret: str) -> tuple[str, Device]:
        """Return the token of a new device, and the device; the same key gives the same, so a lost answer is harmless.

        Raise Forbidden, Malformed for a key of another form, BadInvitation.
        """
        self.must_be_ours(caller)
        if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
            words = "16 to 64 of 0-9, A-Z, a-z, _ and -, made by the client for this device"
            raise Malformed(f"the header Idempotency-Key must have {words}", [Fault("/Idempotency-Key", words)])
        token = self.keys.signature("device", f"{idempotency_key}\n{secret}")
        found = self.devices.invitation(secret)
        if found and not found.used_by and self.clock() < found.until:
            since = self.clock().replace(microsecond=0)
            device = Device(named(token), found.role, found.name, since, found.rooms, goods=found.goods)
            if self.devices.enrol(secret, found, token, device):
                return token, device
            found = self.devices.invitation(secret)
        if found and found.used_by == digest(token) and (enrolled := self.devices.device(token)):
            return token, enrolled
        raise BadInvitation(_why(found))

    def invite(
        self,
        role: Role,
        name: str,
        rooms: tuple[str, ...] | None = None,
        lasts: timedelta = INVITED_FOR,
        goods: tuple[str, ...] | None = None,
    ) -> tuple[str, Invitation]:
        """Return the link of a new invitation, and the invitation; raise Invalid for a name that is none.

        `rooms` are as `rooms_of` gives them, `goods` as `goods_of` does. The link's secret itself is kept nowhere.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= NAME_LENGTH or odd(name):
            raise Invalid([Fault("/name", f"whose device it will be, in 1 to {NAME_LENGTH} characters")])
        secret = secrets.token_urlsafe(24)
        until = self.clock().replace(microsecond=0) + lasts
        made = Invitation(named(secret), role, tidy(name), until, rooms=rooms, goods=goods)
        self.devices.invite(secret, made)
        return f"{self.shop_url}/staff/#{secret}", made

    def in_force(self) -> tuple[list[Device], list[Invitation]]:
        """Return the devices, the last enrolled first, and the invitations that can still be used."""
        now, today = self.clock(), self.today
        waiting = [one for one in self.devices.invitations() if not one.used_by and now < one.until]
        devices = [device for device in self.devices.devices() if today < device.ends]
        return _latest(devices), sorted(waiting, key=lambda one: one.until)

    def names(self) -> dict[str, str]:
        """Return what people call those who act by a device, by actor."""
        return {actor.device(device.id): device.name for device in self.devices.devices()}

    def revoke(self, id_: str) -> None:
        """Revoke a device or an invitation; raise NotFound."""
        if not self.devices.revoke(id_):
            raise NotFound(f"there is no device and no invitation {id_}")


def _latest(devices: Iterable[Device]) -> list[Device]:
    return sorted(devices, key=lambda device: device.since, reverse=True)


def _why(found: Invitation | None) -> str:
    if found is None:
        return "there is no such invitation, or not any more: ask for a new one"
    if found.used_by:
        return "this invitation has been used: ask for a new one"
    return f"this invitation ended at {found.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}: ask for a new one"
