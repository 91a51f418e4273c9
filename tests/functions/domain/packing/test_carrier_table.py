"""The table of carriers: each can be named, followed and told by its numbers, and none refuses a number."""

import re
from urllib.parse import urlsplit

import pytest
import yaml
from chalicelib.domain.errors import Invalid
from chalicelib.domain.packing.carriers import CARRIERS, check, followed_at, looks_odd, name_of, plain

from tests.functions.helpers.world import ROOT

KNOWN = [
    ("sf", "SF1000000000001"),
    ("sf", "SF123456789012"),
    ("zto", "75123456789012"),
    ("zto", "731234567890"),
    ("yto", "YT1234567890123"),
    ("sto", "773061155005903"),
    ("yunda", "46035400000400"),
    ("yunda", "312345678901234"),
    ("jt", "JT1234567890123"),
    ("jd", "JD1234567890123"),
    ("jd", "JDVA12345678901"),
    ("ems", "EB123456785CN"),
    ("post", "9812345678901"),
    ("deppon", "DPK123456789012"),
    ("other", "anything 1"),
]
ODD = [
    ("sf", "YT1234567890123"),
    ("sf", "SF10000000000011"),
    ("zto", "SF1000000000001"),
    ("yto", "YT123456789012"),
    ("sto", "7.73061155005903E+14"),
    ("jd", "jd1234567890123"),
    ("yunda", "４6035400000400"),
]


@pytest.mark.parametrize(("carrier", "number"), KNOWN)
def test_a_carriers_own_numbers_raise_no_doubt(carrier: str, number: str) -> None:
    assert not looks_odd(carrier, number)


@pytest.mark.parametrize(("carrier", "number"), ODD)
def test_a_number_of_another_form_is_worth_a_second_look(carrier: str, number: str) -> None:
    assert looks_odd(carrier, number)


@pytest.mark.parametrize(
    "typed", ["SF1000000000001", " sf1000000000001 ", "ＳＦ１０００ 0000 00001", "\u200bSF1000000000001"]
)
def test_a_number_that_is_typed_is_the_one_that_the_carrier_tells_of(typed: str) -> None:
    assert plain(typed) == "SF1000000000001"


def test_every_carrier_has_a_number_that_it_is_known_by() -> None:
    assert {carrier for carrier, _ in KNOWN} == {*CARRIERS}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_carrier_fits_the_contract(carrier: str) -> None:
    known = CARRIERS[carrier]
    assert re.fullmatch(r"[a-z0-9]{1,20}", carrier)
    assert known.zh
    assert known.en
    assert bool(known.kuaidi100) == bool(known.kdniao) == (carrier != "other")
    assert not known.link or known.link.count("{number}") == 1
    assert [name_of(carrier, lang) for lang in ("zh", "en")] == [known.zh, known.en]


@pytest.mark.parametrize("carrier", [*CARRIERS, "gone"])
def test_a_parcel_is_followed_by_a_safe_link_that_carries_its_number(carrier: str) -> None:
    link = followed_at(carrier, 'A1"&<x> /#')
    assert urlsplit(link).scheme == "https"
    assert "A1%22%26%3Cx%3E%20%2F%23" in link
    assert not {'"', "<", " "} & {*link}


def test_a_carrier_that_left_the_table_is_named_by_its_id() -> None:
    assert name_of("gone", "zh") == "gone"
    assert not looks_odd("gone", "1")


def test_only_carriers_of_the_table_are_taken() -> None:
    check("sf")
    with pytest.raises(Invalid) as refused:
        check("dhl")
    assert [fault.pointer for fault in refused.value.faults] == ["/carrier"]


def test_codes_elsewhere_are_used_once() -> None:
    for codes in ([one.kuaidi100 for one in CARRIERS.values()], [one.kdniao for one in CARRIERS.values()]):
        there = [code for code in codes if code]
        assert len({*there}) == len(there)


def test_the_contract_lists_every_carrier() -> None:
    contract = yaml.load((ROOT / "functions/openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert contract["components"]["schemas"]["Carrier"]["enum"] == [*CARRIERS]
