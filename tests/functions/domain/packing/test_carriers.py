"""The table of carriers: what sheets call them, numbers that look odd, and where a number is followed."""

import pytest
from chalicelib.domain.packing.carriers import CARRIERS, carrier_in, followed_at, looks_odd


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("顺丰", "sf"), ("顺丰速运（集团）", "sf"), ("SF", "sf"), ("SF Express", "sf"), ("shunfeng", "sf"),
        ("中通快递", "zto"), ("ZTO Express", "zto"), ("圆通速递", "yto"), ("申通", "sto"), ("STO快递", "sto"),
        ("韵达快递", "yunda"), ("京东物流", "jd"), ("ＪＤ", "jd"), ("EMS", "ems"), ("邮政EMS", "ems"),
        ("邮政快递包裹", "post"),
        ("极兔速递", "jt"), ("J&T Express", "jt"), ("德邦物流", "deppon"),
        ("", None), ("菜鸟", None), ("顺丰/中通", None), ("sfx", None), ("best of", None),
    ],
)  # fmt: skip
def test_a_carrier_is_known_by_what_people_call_it(text: str, code: str | None) -> None:
    found = carrier_in(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=str)
def test_each_name_of_the_table_means_its_carrier(carrier: object) -> None:
    named = CARRIERS[carrier.code]  # type: ignore[attr-defined]
    assert {carrier_in(name) for name in (named.code, named.zh, named.en, *named.called)} == {named}


@pytest.mark.parametrize(
    ("carrier", "number", "odd"),
    [
        ("sf", "SF1234567890123", False), ("sf", "123456789012", True), ("zto", "75312345678901", False),
        ("sto", "773061155005903", False), ("yunda", "46035400000400", False), ("yto", "YT1234567890123", False),
        ("yto", "75312345678901", True), ("ems", "EA123456789CN", False), ("deppon", "DPK12345678901", False),
        ("someone", "x", False),
    ],
)  # fmt: skip
def test_a_number_looks_odd_where_it_has_not_its_carrier_s_form(carrier: str, number: str, odd: bool) -> None:
    assert looks_odd(carrier, number) is odd


@pytest.mark.parametrize("carrier", [*CARRIERS, "someone"])
def test_every_number_is_followed_somewhere(carrier: str) -> None:
    address = followed_at(carrier, "N123")
    assert address.startswith("https://") and address.endswith("N123")
