"""What `make up` makes of PAY, PAY_SETTINGS and MISBEHAVE."""

import json
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
from cunbo.core.refusal import Refusal
from cunbo.local.paying import AFTER, misbehaviour, paying, tell
from cunbo.standins.base import Misbehaviour

from tests.ports import free_port

SHOP = "http://127.0.0.1:8000"


@pytest.fixture
def port() -> int:
    """A port whose stand-ins' are free; whether it is itself is of no matter."""
    return free_port() - AFTER


def test_without_pay_it_is_the_sandbox_and_nothing_listens() -> None:
    with ExitStack() as exits:
        payments, stand_ins = paying({}, SHOP, 1, exits)
    assert (payments.names, payments.given, stand_ins) == (("sandbox",), {}, None)


def test_stand_ins_answer_beside_the_shop_with_settings_that_lead_to_them(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as exits:
        environ = {"PAY": "sandbox, standins", "MISBEHAVE": "twice=0.5"}
        payments, stand_ins = paying(environ, SHOP, port, exits)
        assert stand_ins
        assert payments.names == ("sandbox", "wechat", "alipay", "stripe")
        assert payments.parameters["Pay"] == "sandbox,wechat,alipay,stripe"
        urls = [json.loads(payments.given[name])["base_url"] for name in payments.names[1:]]
        assert urls == [f"http://127.0.0.1:{port + AFTER + number}" for number in range(3)]
        for url in urls:
            with pytest.raises(urllib.error.HTTPError):  # it answers: that there is nothing
                urllib.request.urlopen(f"{url}/nothing", timeout=5)
        tell(stand_ins)
        said = capsys.readouterr().out
        assert all(url in said for url in urls)
        assert "MISBEHAVE=" in said
        with pytest.raises(Refusal, match="is taken"):
            paying({"PAY": "standins"}, SHOP, port, exits)


def test_a_provider_and_its_stand_in_are_not_offered_together() -> None:
    with ExitStack() as exits, pytest.raises(Refusal, match="PAY names wechat beside standins"):
        paying({"PAY": "standins,wechat"}, SHOP, 1, exits)


def test_real_providers_need_their_settings() -> None:
    with ExitStack() as exits, pytest.raises(Refusal, match="stripe: PAY names it"):
        paying({"PAY": "sandbox,stripe"}, SHOP, 1, exits)


def test_misbehaviour_is_read_and_what_is_none_is_refused() -> None:
    assert misbehaviour("twice=0.5, never=1") == Misbehaviour(twice=0.5, never=1)
    assert misbehaviour("") == Misbehaviour()
    for value in ("often", "twice", "twice=2", "twice=-1", "twice=x", "rude=1", "twice=nan"):
        with pytest.raises(Refusal, match="it must be one of twice, late, never"):
            misbehaviour(value)
    with ExitStack() as exits, pytest.raises(Refusal, match="MISBEHAVE is for stand-ins"):
        paying({"MISBEHAVE": "twice=1"}, SHOP, 1, exits)
