"""What the stand-in of Alipay signs is what the real one signs."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives import serialization
from cunbo.core.paths import ROOT
from cunbo.standins.alipay import signed_text

from tests.infra.standins.alipay.calls import NUMBER, asked, make, verified

VECTORS = json.loads((ROOT / "tests/functions/payments/alipay_vectors.json").read_text(encoding="utf-8"))


def public_key(text: str) -> Any:
    return serialization.load_der_public_key(base64.b64decode(re.sub(r"-----[A-Z ]+-----", "", text)))


@pytest.mark.parametrize(("name", "left_out"), [("trade", {"sign", "sign_type"}), ("market", {"sign"})])
def test_what_it_signs_of_a_form_is_what_the_real_one_signs(name: str, left_out: set[str]) -> None:
    vector = VECTORS[name]
    form = {field: value for field, value in vector["form"].items() if field not in left_out}
    verified(public_key(vector["key"]), vector["form"]["sign"], signed_text(form).encode())


def test_its_notification_has_the_fields_of_a_real_one() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.deliver()
    [(_, body)] = bench.posted
    assert set(dict(parse_qsl(body.decode()))) - {"buyer_pay_amount"} <= set(VECTORS["trade"]["form"])


def test_its_answers_are_signed_as_real_ones_over_the_inner_object_alone() -> None:
    bench = make()
    own = bench.stand_in.answer(asked(bench, "alipay.trade.query", {"out_trade_no": NUMBER})).body
    real = VECTORS["answer"]["body"].encode()
    for body, key in ((own, bench.stand_in.keys[0].public_key()), (real, public_key(VECTORS["answer"]["key"]))):
        found = re.fullmatch(rb'\{"[a-z_]+_response":(.+),"sign":"([^"]+)"\}', body)
        assert found
        verified(key, found[2].decode(), found[1])
