"""Settings are proved without money."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from chalicelib.payments.port import Declined

from tests.functions.payments.stripe.account import NOTIFY, Script, client, listed, refused

ENDPOINT = {"id": "we_1", "url": NOTIFY, "status": "enabled", "enabled_events": ["*"]}
MISSING = refused("resource_missing", 404)


def checked(*answers: Any, **settings: str) -> Script:
    provider, script = client(*(answers or (*[listed()] * 3, MISSING, MISSING, listed(ENDPOINT))), **settings)
    provider.check()
    return script


def test_settings_are_proved_without_money() -> None:
    script = checked()
    posted = [(urlsplit(url).path, form) for method, url, _, form in script.asked if method == "POST"]
    assert posted == [
        ("/v1/checkout/sessions/cs_test_none/expire", {}),
        ("/v1/refunds", {"payment_intent": "pi_000000000000000000000000"}),
    ]


@pytest.mark.parametrize(
    "settings",
    [{"key": "sk_live_all"}, {"key": "pk_live_x"}, {"key": ""}, {"secret": ""}, {"secret": "rk_test_x"}],
)
def test_settings_that_are_no_keys_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        checked(**settings)


@pytest.mark.parametrize(
    "endpoints",
    [
        listed(),
        listed({**ENDPOINT, "url": "https://elsewhere.example/"}),
        listed({**ENDPOINT, "status": "disabled"}),
        listed({**ENDPOINT, "enabled_events": ["checkout.session.completed"]}),
    ],
)
def test_an_endpoint_that_does_not_get_the_news_is_named(endpoints: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="webhook endpoint"):
        checked(*[listed()] * 3, MISSING, MISSING, endpoints)


def test_a_key_that_may_not_refund_is_found_out() -> None:
    with pytest.raises(Declined):
        checked(*[listed()] * 3, MISSING, refused(None, 403))
