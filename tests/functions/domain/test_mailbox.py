"""What the shop takes for an e-mail address, and whose mailbox it counts."""

import re

import pytest
from chalicelib.domain.mailbox import LONGEST, domain_of, is_email, mailbox, parts
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.addresses import HONEST, STRANGE

VICTIM = "victim@example.net"


@pytest.mark.parametrize("address", HONEST)
def test_what_people_have_is_taken(address: str) -> None:
    assert is_email(address)
    assert "@".join(parts(address)) == address


@pytest.mark.parametrize("address", STRANGE, ids=ascii)
def test_what_could_be_read_in_another_way_is_refused(address: str) -> None:
    assert not is_email(address)
    for rule in (parts, mailbox, domain_of):
        with pytest.raises(ValueError, match="no e-mail address"):
            rule(address)


def test_there_are_200_strange_addresses() -> None:
    assert len({*STRANGE}) >= 200


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("Victim@Example.NET", VICTIM),
        ("victim+1@example.net", VICTIM),
        ("victim+a+b@EXAMPLE.net", VICTIM),
        ("victim.x@example.net", "victim.x@example.net"),
        ("+tag@example.net", "+tag@example.net"),
    ],
)
def test_a_mailbox_is_the_same_for_all_its_spellings(address: str, found: str) -> None:
    assert mailbox(address) == found
    assert mailbox(found) == found


@given(st.text(st.sampled_from('aZ0.+-_%@=?"(), \n\tеＡ;:<>'), max_size=40) | st.text(max_size=40))
def test_whatever_is_taken_is_plain(text: str) -> None:
    if not is_email(text):
        return
    assert text.isascii()
    assert len(text) <= LONGEST
    assert re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]+", text)
    assert ".." not in text and not text.startswith(".") and ".@" not in text
    assert "+" not in mailbox(text).partition("@")[0].lstrip("+")
