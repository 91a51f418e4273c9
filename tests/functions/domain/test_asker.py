"""Who asks: which network an address lies in, whom X-Forwarded-For names, and what stands for them in the table."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

import pytest
from chalicelib.domain.asker import Asker, network_of, viewer
from chalicelib.domain.keys import Keys
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import SECRET, TODAY

KEYS = Keys(SECRET)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        (" 203.0.113.255 ", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("127.0.0.1", ""),
        ("127.9.9.9", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("0.0.0.0", ""),
        ("", ""),
        ("unknown", ""),
        ("203.0.113", ""),
        ("203.0.113.7:443", ""),
        ("２０３.0.113.7", ""),
        ("203.0.113.007", ""),
        ("fe80::1%eth0\r\nX: y", ""),
    ],
)
def test_neighbours_share_a_network_and_what_is_no_address_has_none(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses())
def test_an_address_lies_in_its_network(address: object) -> None:
    name = network_of(str(address))
    found = ip_address(str(address))
    mapped = getattr(found, "ipv4_mapped", None)
    assert not name or (mapped or found) in ip_network(name)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert network_of(text) == network_of(network_of(text).partition("/")[0])


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.7, 130.176.1.1", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 130.176.1.1", "203.0.113.7"),
        ("10.0.0.1,198.51.100.1,203.0.113.7,130.176.1.1", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_what_a_viewer_writes_before_the_edges_own_words_is_not_believed(header: str, address: str) -> None:
    assert viewer(header) == address


def test_a_networks_name_ends_with_the_day_and_a_browsers_does_not() -> None:
    tomorrow = TODAY + timedelta(days=1)
    network, browser = Asker("203.0.113.0/24"), Asker("203.0.113.0/24", "b" * 20)
    assert network.name(KEYS, TODAY) != network.name(KEYS, tomorrow)
    assert browser.name(KEYS, TODAY) == browser.name(KEYS, tomorrow) != network.name(KEYS, TODAY)
    assert browser.network_name(KEYS, TODAY) == network.network_name(KEYS, TODAY)
    assert Asker().name(KEYS, TODAY) == Asker(browser="").network_name(KEYS, TODAY) == ""
