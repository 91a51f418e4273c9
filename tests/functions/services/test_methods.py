"""What orders can be paid by, as the browser that asks can use it; and codes, which the shop draws for pages."""

from collections.abc import Callable, Collection

import pytest
import zxingcpp
from chalicelib.api.responses import orders
from chalicelib.domain.payments.attempts import Channel
from chalicelib.services.payments.channels import WHY_BROWSER, WHY_WECHAT, Surroundings, offered
from PIL import Image

from tests.functions.helpers.http import Http
from tests.functions.helpers.tills import DESKTOP, PHONE, WECHAT, Tills
from tests.functions.helpers.world import World, day

ALL = {
    "sandbox": [Channel.SANDBOX],
    "alipay": [Channel.ALIPAY_WAP, Channel.ALIPAY_PAGE],
    "wechat": [Channel.WECHAT_JSAPI, Channel.WECHAT_H5, Channel.WECHAT_NATIVE],
    "stripe": [Channel.STRIPE_CHECKOUT],
}
NO_H5 = {"wechat": [Channel.WECHAT_JSAPI, Channel.WECHAT_NATIVE], "alipay": ALL["alipay"]}


@pytest.mark.parametrize(
    ("have", "where", "told"),
    [
        (ALL, DESKTOP, {"sandbox": "", "alipay": "", "wechat": "", "stripe": ""}),
        (ALL, PHONE, {"sandbox": "", "alipay": "", "wechat": "", "stripe": ""}),
        (ALL, WECHAT, {"wechat": "", "sandbox": "", "alipay": WHY_BROWSER, "stripe": ""}),
        (NO_H5, PHONE, {"wechat": WHY_WECHAT, "alipay": ""}),
        (NO_H5, WECHAT, {"wechat": "", "alipay": WHY_BROWSER}),
        ({}, WECHAT, {}),
    ],
)
def test_methods_are_offered_in_the_shops_order_and_inside_wechat_its_own_first(
    have: dict[str, Collection[Channel]], where: Surroundings, told: dict[str, str]
) -> None:
    found = offered(have, where)
    assert [(one.method, one.why) for one in found] == [*told.items()]


def test_a_browser_is_told_by_its_own_word_and_no_provider_is_asked(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    tills = Tills(make_world({day(2): 5}))
    http = Http(tills.world, monkeypatch)
    agent = "Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0.50"
    told = http("GET", "/payments", User_Agent=agent).json_body["methods"]
    assert told[0] == {"method": "wechat"}
    assert {"method": "alipay", "why": "open_in_browser"} in told
    assert {"method": "alipay"} in http("GET", "/payments").json_body["methods"]
    assert sum(bench.transport.sent for bench in tills.benches.values()) == 0


def test_a_method_whose_settings_cannot_be_read_is_left_out(tills: Tills) -> None:
    class Broken(dict):  # type: ignore[type-arg]
        def __getitem__(self, name: str) -> object:
            if name == "alipay":
                raise OSError("Secrets Manager is away")
            return super().__getitem__(name)

    payments = tills.world.services.payments
    payments.providers = Broken(payments.providers)
    assert "alipay" not in [one.method for one in payments.offered(DESKTOP)]
    assert "wechat" in [one.method for one in payments.offered(DESKTOP)]


@pytest.fixture
def tills(make_world: Callable[..., World]) -> Tills:
    return Tills(make_world({day(2): 5}))


@pytest.mark.parametrize("code", ["weixin://wxpay/bizpayurl?pr=p4lpSuKzz", "https://shop.example/" + "x" * 200, "支付"])
def test_a_code_is_told_with_its_modules_which_a_reader_reads(code: str) -> None:
    rows = orders.payment({"action": "qr", "code": code})["rows"]
    assert {len(row) for row in rows} == {len(rows)}
    picture = Image.new("L", (len(rows) + 8,) * 2, 255)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), 255 * (module == "0"))
    [read] = zxingcpp.read_barcodes(picture.resize((picture.width * 4,) * 2, Image.Resampling.NEAREST))
    assert read.text == code


def test_what_is_no_code_has_no_modules() -> None:
    assert orders.payment({"action": "none"}) == {"action": "none"}
