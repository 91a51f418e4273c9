"""A stand-in of SF's 丰桥: strict about signatures; an orderId gives a number once, and then it can be looked up.

It shares no code with the shop's client, so that both cannot make the same mistake.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from chalicelib.network import Reply

from cunbo.standins.base import Clock, Request

PARTNER, CHECK_WORD, CARD = "sf-partner", "sf-check-word", "7551234567"
BEIJING = timezone(timedelta(hours=8))


class SfStandIn:
    """SF, as far as the shop meets it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.orders: dict[str, dict[str, Any]] = {}
        self.phones: dict[str, set[str]] = {}
        self.ways: dict[str, list[dict[str, str]]] = {}

    def settings(self, base_url: str = "https://sf.invalid") -> dict[str, str]:
        """Return what the shop has to know of it."""
        return {"partner_id": PARTNER, "check_word": CHECK_WORD, "monthly_card": CARD, "base_url": base_url}

    def answer(self, request: Request) -> Reply:
        """Answer a call."""
        form = dict(parse_qsl(request.body.decode("utf-8"), keep_blank_values=True))
        said = quote_plus(form["msgData"] + form["timestamp"] + CHECK_WORD).encode()
        right = base64.b64encode(hashlib.md5(said, usedforsecurity=False).digest()).decode()
        if request.path != "/std/service" or form["partnerID"] != PARTNER:
            return _told({"apiResultCode": "A1001", "apiErrorMsg": "必传参数不可为空"})
        if form["msgDigest"] != right:
            return _told({"apiResultCode": "A1006", "apiErrorMsg": "数字签名无效"})
        calls = {
            "EXP_RECE_CREATE_ORDER": self._create,
            "EXP_RECE_SEARCH_ORDER_RESP": self._search,
            "EXP_RECE_SEARCH_ROUTES": self._routes,
        }
        data = calls[form["serviceCode"]](json.loads(form["msgData"]))
        return _told(
            {"apiResultCode": "A1000", "apiErrorMsg": "", "apiResultData": json.dumps(data, ensure_ascii=False)}
        )

    def move(self, number: str, code: str, words: str) -> None:
        """Add a line to a parcel's way."""
        at = self.clock().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        self.ways.setdefault(number, []).append(
            {"opCode": code, "acceptTime": at, "remark": words, "acceptAddress": ""}
        )

    def _create(self, told: Mapping[str, Any]) -> dict[str, Any]:
        if told["orderId"] in self.orders:
            return _no("8016", "重复下单")
        sender, to = told["contactInfoList"]
        if (sender["contactType"], to["contactType"], told["monthlyCard"]) != (1, 2, CARD) or "*" in to["mobile"]:
            return _no("8001", "参数不正确")
        number = f"SF{len(self.orders):013}"
        self.phones[number] = {sender["mobile"][-4:], to["mobile"].partition("-")[0][-4:]}
        self.orders[told["orderId"]] = {
            "orderId": told["orderId"],
            "waybillNoInfoList": [{"waybillType": 1, "waybillNo": number}],
            "routeLabelInfo": [{"code": "1000", "routeLabelData": {"destRouteLabel": "431W-AA-1"}}],
        }
        return _good(self.orders[told["orderId"]])

    def _search(self, told: Mapping[str, Any]) -> dict[str, Any]:
        found = self.orders.get(told["orderId"])
        return _good(found) if found else _no("8024", "未下单")

    def _routes(self, told: Mapping[str, Any]) -> dict[str, Any]:
        [number] = told["trackingNumber"]
        seen = self.ways.get(number, []) if told["checkPhoneNo"] in self.phones.get(number, ()) else []
        return _good({"routeResps": [{"mailNo": number, "routes": seen}]})


def _good(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": told}


def _no(code: str, words: str) -> dict[str, Any]:
    return {"success": False, "errorCode": code, "errorMsg": words, "msgData": None}


def _told(told: Mapping[str, Any]) -> Reply:
    return Reply(200, {"content-type": "application/json"}, json.dumps(told, ensure_ascii=False).encode())
