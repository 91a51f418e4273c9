"""Settings are refused by name, before anything starts."""

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.catalog import Catalog
from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import BadSetting, is_sandbox, read, track
from msgspec.structs import replace

from tests.functions.helpers.world import make_catalog, make_client

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


@pytest.mark.parametrize(
    ("value", "names"), [("", ()), ("kuaidi100", ("kuaidi100",)), (" sf , kuaidi100 ", ("sf", "kuaidi100"))]
)
def test_parcels_are_followed_by_nobody_unless_it_is_set(value: str, names: tuple[str, ...]) -> None:
    assert track(value) == names


@pytest.mark.parametrize("value", ["ups", "sf,sf", "none", "standins"])
def test_a_carriers_service_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(BadSetting, match="TRACK is"):
        track(value)


def test_no_text_messages_are_sent_unless_set_and_the_sandbox_on_a_sandbox_stage_alone() -> None:
    assert read(GOOD).sms_by == ""
    assert read(GOOD | {"SMS_BY": "sandbox", "STAGE": "sandbox-1"}).sms_by == "sandbox"
    for stage in ("prod", "shop", "sandb", "my-sandbox"):
        with pytest.raises(BadSetting, match=f"SMS_BY.*{stage}"):
            read(GOOD | {"SMS_BY": "sandbox", "STAGE": stage})
    for value in ("aliyun", "Sandbox", " "):
        with pytest.raises(BadSetting, match="SMS_BY"):
            read(GOOD | {"SMS_BY": value})


def test_a_sandbox_is_paid_by_the_sandbox_unless_set_and_a_real_shop_by_nobody() -> None:
    real = GOOD | {"STAGE": "shop"}
    assert (read(GOOD).pay, read(GOOD | {"PAY": ""}).pay) == (("sandbox",), ("sandbox",))
    assert (read(real).pay, read(real | {"PAY": ""}).pay) == ((), ())
    assert read(real | {"PAY": "alipay, wechat"}).pay == ("alipay", "wechat"), "in the order of offering"
    for value in ("paypal", "WeChat", "wechat alipay", "wechat,wechat", "standins"):
        with pytest.raises(BadSetting, match="PAY"):
            read(real | {"PAY": value})
    with pytest.raises(BadSetting, match=r"PAY.*shop"):
        read(real | {"PAY": "wechat,sandbox"})


def test_a_secrets_id_that_is_empty_is_none() -> None:
    ids = {"WECHAT_SECRET_ID": "w", "ALIPAY_SECRET_ID": ""}
    assert read(GOOD | ids).pay_secrets == {"wechat": "w"}


def test_nobody_has_to_be_the_manager() -> None:
    assert read(GOOD).manager_mail == ""
    assert read(GOOD | {"MANAGER_MAIL": "manager@example.com"}).manager_mail == "manager@example.com"


@pytest.mark.parametrize("name", ["MAIL_FROM", "MANAGER_MAIL"])
@pytest.mark.parametrize("value", ["shop", "shop@example.com, x@example.com", "=?x?q?a?=@example.com", " a@b.example"])
def test_an_address_that_is_none_refuses_to_start(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read(GOOD | {name: value})


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("stage", "sandbox"), [("local", True), ("sandbox-2", True), ("prod", False), ("locals", False)]
)
def test_a_sandbox_is_known_by_its_name_alone(stage: str, sandbox: bool) -> None:
    assert is_sandbox(stage) is read(GOOD | {"STAGE": stage}).sandbox is sandbox


def built(folder: Path, monkeypatch: pytest.MonkeyPatch, stage: str, catalog: Catalog) -> Services:
    """The services as a function's process builds it at its start."""
    (folder / "catalog.json").write_bytes(msgspec.json.encode(catalog))
    monkeypatch.setattr(bootstrap, "CATALOG", folder / "catalog.json")
    secret = {"SecretString": msgspec.json.encode(Keys("s" * 40)).decode()}
    client = SimpleNamespace(get_secret_value=lambda **_: secret, meta=make_client().meta)
    return bootstrap.build(GOOD | {"STAGE": stage}, lambda _: client)


def test_a_stage_that_is_no_sandbox_does_not_start_with_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = make_catalog()
    assert built(tmp_path, monkeypatch, "sandbox", samples).stage.catalog == samples
    with pytest.raises(BadSetting, match="STAGE is prod, no sandbox, and these are samples: spicy-cabbage"):
        built(tmp_path, monkeypatch, "prod", samples)
    shop_alone = replace(samples, products=(), shop=replace(samples.shop, sample=True))
    with pytest.raises(BadSetting, match="these are samples: shop"):
        built(tmp_path, monkeypatch, "prod", shop_alone)
    real = replace(samples, products=tuple(replace(product, sample=False) for product in samples.products))
    assert built(tmp_path, monkeypatch, "prod", real).stage.catalog == real
