"""Voices from their sending to the page and back: nothing is shown unseen, and what is forgotten is gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.orders.model import HistoryEntry, Order, State
from chalicelib.domain.voices.voice import VoiceKind
from chalicelib.services.voices.forgetting import forget
from chalicelib.storage.keys import ITEMS
from chalicelib.storage.orders import ORDER
from chalicelib.storage.voices import voices as storage
from cunbo.operations.voices import spoken
from storefront.build.spoken import Spoken

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.pictures import photo
from tests.functions.helpers.world import JAR, NOON, World, day, make_order
from tests.functions.storage.described import described

MakeWorld = Callable[..., World]
WORDS = "酸甜爽脆，孩子配粥能吃半坛。"
VIEWER = "203.0.113.{}, 130.176.0.1"


class Parlour:
    """A shop behind its routes, with an order that has arrived, and a manager's device."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.world, self.http = world, Http(world, patch)
        self.order = self.deliver()
        self.device = ""
        secret = world.shop.access.invite("manager", "小王")[0].partition("#")[2]
        answer = self.http(
            "POST", "/staff/enrol", {"invitation": secret}, Origin="http://shop", Idempotency_Key="k" * 32
        )
        self.device = answer.headers["Set-Cookie"].partition(";")[0]

    def deliver(self, number: str = "1" * 20, **fields: Any) -> Order:
        arrived = (HistoryEntry(NOON, State.AWAITING_PAYMENT), HistoryEntry(NOON, State.DELIVERED))
        order = make_order(State.DELIVERED, number=number, history=arrived, **fields)
        self.world.client.put_item(TableName="shop", Item=ORDER.put(None, order)["Put"]["Item"])
        return order

    def review(self, words: str = WORDS, stars: int = 5, order: Order | None = None, sku: str = JAR) -> Any:
        whose = order or self.order
        body = {"stars": stars, "words": words}
        return self.http("PUT", f"/orders/{whose.number}/reviews/{sku}", body, **self.token(whose))

    def token(self, order: Order) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.keys.token(order.number)}"}

    def story(self, words: str = "我小时候也在缸边偷吃过。" * 5, **fields: Any) -> Any:
        body = {"title": "缸边", "words": words, "name": "老王", "consent": True} | fields
        return self.http("POST", "/stories", body)

    def desk(self, method: str, path: str, body: Any = b"") -> Any:
        answer = self.http(method, f"/staff/{path}", body, Cookie=self.device, Origin="http://shop")
        assert answer.status_code == 200, answer.json_body
        return answer.json_body

    def waiting(self, kind: str = "review") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.desk("GET", f"voices?kind={kind}")["voices"]
        return found

    def judge(self, *numbers: str, fault: str | None = None) -> None:
        self.desk("POST", "voices/judge", {"voices": [*numbers], "fault": fault})

    def shown(self, about: str = "product/spicy-cabbage") -> Any:
        answer = self.http("GET", f"/voices/{about}")
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        return answer.json_body

    def left(self) -> list[str]:
        """Keys of all items that tell of voices and readers, but for counts that came to nothing."""
        kinds = {
            kind for kind in ITEMS if kind.startswith(("voice", "unheard", "spoken", "judged", "sender", "reader"))
        }
        items = [item for item in self.world.store.everything() if {*described(item)} & kinds]
        return [item["pk"]["S"] for item in items if item.get("n", {"N": "1"})["N"] != "0"]


@pytest.fixture
def parlour(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Parlour:
    return Parlour(make_world(), monkeypatch)


def test_a_review_is_shown_once_it_was_seen_and_leaves_when_its_buyer_takes_it_back(parlour: Parlour) -> None:
    assert parlour.review("好吃<script>alert(1)</script>\u202e真的好吃").status_code == 200
    assert parlour.shown() == {"voices": [], "after": None, "count": 0, "stars": [0] * 5}
    assert parlour.review(stars=4).json_body["state"] == "waiting"  # once a line: the second is the first, put right
    [waiting] = parlour.waiting()
    assert (waiting["words"], waiting["stars"], waiting["about"]["name"]["zh"]) == (WORDS, 4, "Spicy cabbage")
    assert parlour.world.store.voices.waiting_count() == 1
    parlour.judge(waiting["voice"])
    parlour.desk("POST", f"voices/{waiting['voice']}/reply", {"words": "谢谢，明年还做。"})
    assert parlour.shown() == {
        "voices": [
            {
                "voice": waiting["voice"],
                "name": "王**",
                "words": WORDS,
                "day": "2026-11-24",
                "lang": "zh",
                "stars": 4,
                "city": "通化市",
                "batch": str(day(2)),
                "reply": "谢谢，明年还做。",
            }
        ],
        "after": None,
        "count": 1,
        "stars": [0, 0, 0, 1, 0],
    }
    exported = msgspec.json.decode(spoken(parlour.world.store, parlour.world.shop.catalog), type=dict[str, Spoken])
    [(about, found)] = exported.items()
    assert (about, found.count, found.average) == ("product/spicy-cabbage", 1, 4)
    assert is_problem(parlour.review("改成别的话，改成别的话"), 409, "not-now")
    mine = parlour.http("GET", f"/orders/{parlour.order.number}/reviews", **parlour.token(parlour.order)).json_body
    assert [(one["sku"], one["review"]["state"], one["review"]["reply"]) for one in mine["reviews"]] == [
        (JAR, "shown", "谢谢，明年还做。")
    ]
    gone = parlour.http("DELETE", f"/orders/{parlour.order.number}/reviews/{JAR}", **parlour.token(parlour.order))
    assert gone.status_code == 204
    assert (parlour.shown()["count"], parlour.left()) == (0, [])


@pytest.mark.parametrize(
    ("fields", "sku", "status", "slug"),
    [
        ({}, "gold-bar", 404, "not-found"),
        ({"history": (HistoryEntry(NOON, State.PAID),)}, JAR, 409, "not-now"),
    ],
)
def test_only_what_was_bought_and_has_arrived_is_reviewed(
    parlour: Parlour, fields: dict[str, Any], sku: str, status: int, slug: str
) -> None:
    other = make_order(State.SHIPPED, number="2" * 20, **fields) if fields else parlour.order
    parlour.world.client.put_item(TableName="shop", Item=ORDER.put(None, other)["Put"]["Item"])
    assert is_problem(parlour.review(order=other, sku=sku), status, slug)
    stranger = parlour.http("PUT", f"/orders/{other.number}/reviews/{JAR}", {}, Authorization="Bearer x")
    assert is_problem(stranger, 401, "unauthorized")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"words": "来看 https://example.com"}, "/words"),
        ({"name": "官方客服"}, "/name"),
        ({"title": "加微信 cabbage_123"}, "/title"),
        ({"contact": "nobody"}, "/contact"),
        ({"consent": False}, "/consent"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_refusal_names_the_field(parlour: Parlour, fields: dict[str, Any], pointer: str) -> None:
    refused = parlour.story(**fields)
    assert is_problem(refused, 422, "invalid")
    assert pointer in [fault["pointer"] for fault in refused.json_body["errors"]]
    assert parlour.left() == []


def test_what_is_refused_is_shown_nowhere_and_what_was_shown_can_be_withdrawn_and_put_back(parlour: Parlour) -> None:
    parlour.story()
    [one] = parlour.waiting("story")
    for fault, shown in [("insult", 0), (None, 1), ("claim", 0), (None, 1), (None, 1)]:
        parlour.judge(one["voice"], fault=fault)
        assert (parlour.shown("shelf/stories")["count"], parlour.waiting("story")) == (shown, [])
        assert [each["fault"] for each in parlour.desk("GET", "voices/decided")["voices"]] == [fault]
        parlour.world.later(1)
    assert parlour.story().status_code == 202  # the same again is the same
    assert parlour.waiting("story") == []


def test_who_asks_has_all_of_theirs_forgotten(parlour: Parlour) -> None:
    parlour.review()
    parlour.story(contact="Li+village@example.com")
    parlour.story("另一个故事，另一个故事。" * 5, contact="+86 138 0013 8000")
    parlour.judge(*(one["voice"] for kind in ("review", "story") for one in parlour.waiting(kind)))
    store, keys = parlour.world.store, parlour.world.keys
    assert forget(store, keys, order=parlour.order) == 1
    assert forget(store, keys, contact="li@example.com") == 1
    assert parlour.shown("shelf/stories")["count"] == 1
    assert forget(store, keys, contact="+8613800138000") == 1
    assert parlour.left() == []


def test_a_flood_is_held_by_its_networks_and_by_the_pile_and_the_desk_stays_readable(
    parlour: Parlour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of their own from one network, from many, the same from everywhere; then the pile is full."""
    monkeypatch.setattr(storage, "MOST_WAITING", 10)
    sent = [parlour.story(f"{n} 号故事，" * 12, title=f"故事 {n}").status_code for n in range(8)]
    assert sent == [202] * 8
    parlour.world.calls.clear()
    for _ in range(5):
        assert parlour.story("0 号故事，" * 12, title="故事 0").status_code == 202
    assert parlour.world.calls == ["UpdateItem"] * 5  # one write each, on the voice that waits
    assert {one["title"]: one["times"] for one in parlour.waiting("story")} == {f"故事 {n}": 1 for n in range(8)} | {
        "故事 0": 6
    }
    flood = [
        parlour.http(
            "POST",
            "/stories",
            {"title": f"故事 {n}", "words": f"{n} 号故事，" * 12, "name": "老王", "consent": True},
            X_Forwarded_For=VIEWER.replace("113", str(n % 2)).format(n),
        ).status_code
        for n in range(8, 80)
    ]
    assert {*flood} == {202, 409, 429}
    counts = parlour.world.store.voices.counts()
    assert counts[VoiceKind.STORY] == 20 == 8 + flood.count(202)
    assert parlour.review().status_code == 200  # other piles are their own
    parlour.world.calls.clear()
    page = parlour.desk("GET", "voices?kind=story")
    assert len(parlour.world.calls) <= 7
    assert [one["at"] for one in page["voices"]] == sorted(one["at"] for one in page["voices"])
    assert page["waiting"] == {"review": 1, "comment": 0, "story": 20}


def test_a_long_queue_and_a_long_page_are_read_piece_by_piece(parlour: Parlour) -> None:
    for n in range(65):
        parlour.world.later(60)
        network = VIEWER.replace("113", str(n)).format(1)
        body = {"title": f"故事 {n}", "words": f"{n} 号故事，" * 12, "name": "老王", "consent": True}
        assert parlour.http("POST", "/stories", body, X_Forwarded_For=network).status_code == 202
    seen: list[str] = []
    after = ""
    while True:
        page = parlour.desk("GET", f"voices?kind=story&after={after}")
        seen += [one["title"] for one in page["voices"]]
        parlour.judge(*(one["voice"] for one in page["voices"][:25]))
        after = (page["after"] or "").replace("#", "%23")
        if not after:
            break
    assert seen == [f"故事 {n}" for n in range(65)]
    read: list[str] = []
    path, counted = "shelf/stories", 0
    while path:
        told = parlour.shown(path)
        counted += told["count"]
        read += [one["title"] for one in told["voices"]]
        path = f"shelf/stories/{told['after']}" if told["after"] else ""
    assert len(read) == len({*read}) == counted == 25 + 25 + 5
    assert is_problem(parlour.http("GET", "/voices/shelf/stories/nowhere"), 404, "not-found")
    assert is_problem(parlour.http("GET", "/voices/product/gold-bar"), 404, "not-found")


def test_photographs_of_a_review_are_its_buyers_and_leave_with_it(parlour: Parlour) -> None:
    token, number = parlour.token(parlour.order), parlour.order.number
    asked = parlour.http("POST", f"/orders/{number}/photos", {"purpose": "review", "count": 1}, **token).json_body
    [form] = asked["photos"]
    parlour.world.send_photo(form["fields"], photo())
    body = {"stars": 5, "words": WORDS, "photos": [form["name"]]}
    said = parlour.http("PUT", f"/orders/{number}/reviews/{JAR}", body, **token)
    assert said.status_code == 200, said.json_body
    parlour.review(stars=3)  # without a word of photographs, those that it has stay
    [waiting] = parlour.waiting()
    parlour.judge(waiting["voice"])
    [shown] = parlour.shown()["voices"]
    [address] = shown["photos"]
    assert "/uploads/kept/review/" in address
    assert "X-Amz-Signature" in address
    assert number not in address
    other = parlour.deliver("2" * 20)
    taken = parlour.http("PUT", f"/orders/{other.number}/reviews/{JAR}", body, **parlour.token(other))
    assert is_problem(taken, 422, "invalid")
    parlour.http("DELETE", f"/orders/{number}/reviews/{JAR}", **token)
    assert parlour.world.bucket.list_objects_v2(Bucket="photos").get("Contents", []) == []


def test_who_edits_without_end_is_asked_to_wait(parlour: Parlour) -> None:
    told = [parlour.review(stars=n % 5 + 1).status_code for n in range(21)]
    assert told == [200] * 20 + [429]
    parlour.world.now += timedelta(hours=1)
    assert parlour.review().status_code == 200
