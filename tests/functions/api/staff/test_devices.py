"""Devices: invited for rooms or a workshop, enrolled, known by their cookie."""

from datetime import timedelta
from typing import Any

import pytest

from tests.functions.api.staff.village import ENROL, TABLE, Row, Village, refused
from tests.functions.helpers.world import ROOMS


def test_a_device_is_told_of_its_own_rooms_alone(village: Village) -> None:
    told = {
        token: [room["room"] for room in village.ask(TABLE[0], token).json_body["rooms"]]
        for token in (village.bound, village.tokens["host"], village.tokens["manager"])
    }
    assert [*told.values()] == [[ROOMS[1]], [*ROOMS], [*ROOMS]]


@pytest.mark.parametrize(
    ("body", "status", "rooms"),
    [
        ({"role": "host", "rooms": [ROOMS[1], ROOMS[1]]}, 201, [ROOMS[1]]),
        ({"role": "host", "rooms": "all"}, 201, None),
        ({"role": "host"}, 422, None),
        ({"role": "host", "rooms": []}, 422, None),
        ({"role": "host", "rooms": ["kitchen"]}, 422, None),
        ({"role": "host", "rooms": "some"}, 422, None),
        ({"role": "host", "rooms": [7]}, 422, None),
        ({"role": "manager"}, 201, None),
        ({"role": "manager", "rooms": "all"}, 201, None),
        ({"role": "manager", "rooms": [ROOMS[0]]}, 422, None),
        ({"role": "board", "rooms": [ROOMS[0]]}, 422, None),
    ],
)
def test_whoever_invites_a_host_says_which_rooms(
    village: Village, body: dict[str, Any], status: int, rooms: list[str] | None
) -> None:
    invite = next(row for row in TABLE if row.route == "/staff/invitations")
    answer = village.ask(invite._replace(body=body | {"name": "小李"}), village.tokens["manager"])
    assert answer.status_code == status, answer.json_body
    if status == 422:
        assert answer.json_body["errors"][0]["pointer"].startswith("/rooms")
        return
    listed = village.ask(next(row for row in TABLE if row.route == "/staff/devices"), village.tokens["manager"])
    [waiting] = [one for one in listed.json_body["invitations"] if one["name"] == "小李"]
    assert waiting["rooms"] == rooms


@pytest.mark.parametrize(
    ("body", "status", "goods"),
    [
        ({"role": "packer"}, 201, None),
        ({"role": "packer", "goods": ["spicy-cabbage", "spicy-cabbage"]}, 201, ["spicy-cabbage"]),
        ({"role": "packer", "goods": []}, 201, None),
        ({"role": "packer", "goods": ["shoes"]}, 422, None),
        ({"role": "packer", "goods": "all"}, 422, None),
        ({"role": "manager", "goods": ["spicy-cabbage"]}, 422, None),
        ({"role": "host", "rooms": "all", "goods": ["spicy-cabbage"]}, 422, None),
    ],
)
def test_a_packer_may_be_invited_for_the_goods_of_a_workshop(
    village: Village, body: dict[str, Any], status: int, goods: list[str] | None
) -> None:
    invite = next(row for row in TABLE if row.route == "/staff/invitations")
    answer = village.ask(invite._replace(body=body | {"name": "小赵"}), village.tokens["manager"])
    assert answer.status_code == status, answer.json_body
    if status == 422:
        assert answer.json_body["errors"][0]["pointer"].startswith("/goods")
        return
    listed = village.ask(next(row for row in TABLE if row.route == "/staff/devices"), village.tokens["manager"])
    [waiting] = [one for one in listed.json_body["invitations"] if one["name"] == "小赵"]
    assert waiting["goods"] == goods


def test_the_manager_sees_when_each_device_was_last_used_and_how_long_it_has_left(village: Village) -> None:
    row = next(row for row in TABLE if row.route == "/staff/devices")
    village.ask(TABLE[0], village.bound)
    village.world.now += timedelta(days=3)
    told = village.ask(row, village.tokens["manager"]).json_body["devices"]
    found = {one["device"]: (one["rooms"], one["unused_days"], one["days_left"]) for one in told}
    bound, manager = (village.access.devices.device(village.tokens.get(who, village.bound)) for who in ("", "manager"))
    spare = village.spare
    assert spare
    assert [found[one.id] for one in (bound, spare, manager)] == [
        ([ROOMS[1]], 3, 57),
        (None, None, 56),  # enrolled the day before the others were used
        (None, 0, 60),
    ]


@pytest.mark.parametrize(
    ("secret", "headers", "kind"),
    [
        ("made-up", {}, "invitation"),
        ("used", {}, "invitation"),
        ("expired", {}, "invitation"),
        ("good", {"Origin": "http://elsewhere"}, "forbidden"),
        ("good", {"Sec_Fetch_Site": "cross-site"}, "forbidden"),
    ],
)
def test_enrolling_needs_an_invitation_in_force_and_a_page_of_the_shop(
    village: Village, secret: str, headers: dict[str, str], kind: str
) -> None:
    secrets = {"made-up": "x", "used": village.used, "expired": village.expired, "good": village.invite("host")}
    row = Row(*ENROL, "", "", 201, {"invitation": secrets[secret]})
    answer = village.ask(row, **headers)
    assert refused(answer, kind)
    assert "Set-Cookie" not in answer.headers


def test_a_device_is_known_by_a_cookie_that_no_script_and_no_other_site_can_use(village: Village) -> None:
    answer = village.ask(Row(*ENROL, "", "", 201, {"invitation": village.invite("host")}))
    kept, *rules = answer.headers["Set-Cookie"].split("; ")
    assert answer.status_code == 201
    assert kept.startswith("__Host-cunbo=")
    assert {*rules} == {"Path=/", "Max-Age=34560000", "Secure", "HttpOnly", "SameSite=Strict"}
    assert village.ask(TABLE[0], kept.partition("=")[2]).json_body["opens"] == "/host/"


def test_a_request_without_an_origin_writes_nothing(village: Village) -> None:
    """Browsers name the origin of every write."""
    row = next(row for row in TABLE if row.method == "PUT")
    assert refused(village.ask(row, village.tokens["host"], Origin=""), "forbidden")
