"""Settings are refused by name, before anything starts."""

import pytest
from chalicelib.settings import BadSetting, read

GOOD = {"TABLE_NAME": "t", "SECRET_ID": "s", "STAGE": "local", "SHOP_URL": "http://127.0.0.1:8000/"}


def test_a_hold_lasts_fifteen_minutes_unless_set() -> None:
    assert read(GOOD).hold.total_seconds() == 900
    assert read(GOOD | {"HOLD_SECONDS": "20"}).hold.total_seconds() == 20
    assert read(GOOD).shop_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize("value", ["", "0", "-5", "1.5", "ten", " 20", "10000000", "１２", "1e3", "٣"])
def test_a_hold_that_is_no_positive_whole_number_refuses_to_start(value: str) -> None:
    with pytest.raises(BadSetting, match="HOLD_SECONDS"):
        read(GOOD | {"HOLD_SECONDS": value})


def test_letters_go_by_smtp_unless_set() -> None:
    assert read(GOOD).mail_by == "smtp"
    assert read(GOOD | {"MAIL_BY": "ses"}).mail_by == "ses"


@pytest.mark.parametrize("value", ["", "SES", "post", "smtp "])
def test_another_way_to_send_letters_refuses_to_start(value: str) -> None:
    with pytest.raises(BadSetting, match="MAIL_BY"):
        read(GOOD | {"MAIL_BY": value})


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read({key: value for key, value in GOOD.items() if key != name})
