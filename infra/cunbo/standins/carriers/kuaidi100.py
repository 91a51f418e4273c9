"""A stand-in of 快递100: strict about signatures, and it knows where each parcel is that somebody moved.

It shares no code with the shop's client, so that both cannot make the same mistake.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta, timezone
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

from chalicelib.network import Reply

from cunbo.standins.base import Clock, Deliver, Misbehaviour, Post, Request
from cunbo.standins.carriers.pages import MOVES, parcels_page

KEY, CUSTOMER, SECRET, SALT = "kd-key", "kd-customer", "kd-secret", "kd-salt"
BEIJING = timezone(timedelta(hours=8))
LAG = timedelta(minutes=10)
"""How old a call's time may be."""


def md5(text: str) -> str:
    """Return what signs a text."""
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).hexdigest().upper()


class Kuaidi100StandIn:
    """快递100, as far as the shop meets it."""

    def __init__(self, clock: Clock, send: Deliver, dice: Random, how: Misbehaviour) -> None:
        self.clock, self.post = clock, Post(send, dice, how)
        self.taken: dict[str, tuple[str, str]] = {}
        """Company and number by orderId."""
        self.ways: dict[str, list[tuple[str, str, str]]] = {}
        """State, time and words by number, the newest first."""
        self.followed: dict[str, dict[str, str]] = {}
        self.company: dict[str, str] = {}
        self.base_url = "https://kuaidi100.invalid"

    def settings(self) -> dict[str, str]:
        """Return what the shop has to know of it."""
        keys = {"key": KEY, "customer": CUSTOMER, "secret": SECRET, "salt": SALT, "partner": "p", "partner_key": "k"}
        return {**keys, "poll_url": self.base_url, "label_url": self.base_url}

    def answer(self, request: Request) -> Reply:
        """Answer a call, or the browser of somebody who moves parcels on."""
        form = dict(parse_qsl(request.body.decode("utf-8"), keep_blank_values=True))
        if request.path == "/":
            if form.get("number") in self.followed and form.get("move") in MOVES:
                self.move(form["number"], *MOVES[form["move"]])
            return self._page(request)
        calls = {"/poll": self._poll, "/poll/query.do": self._query, "/label/order": self._label}
        call = calls.get(request.path)
        return _json(404, {}) if call is None or request.method != "POST" else _json(200, call(form))

    def move(self, number: str, state: str, words: str, corrected: str = "") -> None:
        """Have a parcel come to another state; whoever follows it is told, maybe that another carrier has it."""
        at = self.clock().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        self.ways.setdefault(number, []).insert(0, (state, at, words))
        if corrected:
            was, self.company[number] = self.company[number], corrected
        follower = self.followed.get(number)
        if follower:
            told: dict[str, Any] = {"status": "polling", "message": "", "lastResult": self._result(number)}
            told |= {"autoCheck": "1", "comOld": was, "comNew": corrected} if corrected else {"autoCheck": "0"}
            param = json.dumps(told, ensure_ascii=False)
            body = urlencode({"sign": md5(param + follower["salt"]), "param": param}).encode()
            self.post.add(follower["callbackurl"], {"content-type": "application/x-www-form-urlencoded"}, body)

    def deliver(self) -> int:
        """Post the news that is due; return how many were not heard, and are told again."""
        return self.post.deliver(_heard)

    def settle(self) -> None:
        """Do nothing: no news of it waits for anything."""

    def _page(self, request: Request) -> Reply:
        said = {number: ways[0][2] for number, ways in self.ways.items()}
        rows = [(self.company[number], number, said.get(number, "")) for number in reversed(self.followed)]
        return parcels_page(rows, request.headers)

    def _poll(self, form: Mapping[str, str]) -> dict[str, Any]:
        param = json.loads(form["param"])
        if form.get("schema") != "json" or param.get("key") != KEY:
            return _no("601", "KEY已过期")
        number, parameters = param["number"], param["parameters"]
        if param["company"] == "shunfeng" and not parameters.get("phone"):
            return _no("700", "顺丰需要手机号")
        if number in self.followed:
            return _no("501", "重复订阅")
        self.followed[number], self.company[number] = parameters, param["company"]
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def _query(self, form: Mapping[str, str]) -> dict[str, Any]:
        if form.get("customer") != CUSTOMER or form.get("sign") != md5(form["param"] + KEY + CUSTOMER):
            return _no("503", "验证签名失败")
        param = json.loads(form["param"])
        if param["com"] == "shunfeng" and not param.get("phone"):
            return _no("408", "验证码错误")
        if not self.ways.get(param["num"]):
            return _no("500", "查询无结果，请隔段时间再查")
        self.company.setdefault(param["num"], param["com"])
        return self._result(param["num"])

    def _label(self, form: Mapping[str, str]) -> dict[str, Any]:
        right = md5(form["param"] + form["t"] + KEY + SECRET)
        age = abs(self.clock().timestamp() - int(form["t"]) / 1000)
        if form.get("key") != KEY or form.get("sign") != right or age > LAG.total_seconds():
            return {"success": False, "code": 30002, "message": "验证签名失败"}
        param = json.loads(form["param"])
        whom = (param["recMan"], param["sendMan"])
        if any(not man[part] or "*" in man[part] for man in whom for part in ("name", "mobile", "printAddr")):
            return {"success": False, "code": 30001, "message": "收件地址中包含脱敏字符"}
        number = f"75{len(self.taken):012}"
        found = self.taken.setdefault(param["orderId"], (param["kuaidicom"], number))
        data = {"kuaidinum": found[1], "kuaidicom": found[0], "bulkpen": "431-01 A2"}
        return {"success": True, "code": 200, "message": "success", "data": data}

    def _result(self, number: str) -> dict[str, Any]:
        ways = self.ways[number]
        data = [{"time": at, "ftime": at, "context": words} for _, at, words in ways]
        result = {"message": "ok", "nu": number, "com": self.company[number], "status": "200", "state": ways[0][0]}
        return {**result, "ischeck": str(int(ways[0][0] == "3")), "data": data}


def _no(code: str, words: str) -> dict[str, Any]:
    return {"result": False, "returnCode": code, "message": words}


def _json(status: int, told: Mapping[str, Any]) -> Reply:
    return Reply(status, {"content-type": "application/json"}, json.dumps(told, ensure_ascii=False).encode())


def _heard(reply: Reply) -> bool:
    """Whether the shop says that it has taken it, in the words that 快递100 wants."""
    try:
        told = json.loads(reply.body)
    except ValueError:
        return False
    return reply.status == 200 and told.get("result") is True and told.get("returnCode") == "200"
