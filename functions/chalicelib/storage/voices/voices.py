"""Voices in the table: those that wait, spread over parts; those that are shown, by what they speak of; their counts.

One transaction moves a voice with all that tells of it, so that no count and no list is ever behind. What waits is
bounded: beyond that nothing is taken, so a flood costs no more than it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

import msgspec

from chalicelib.domain.errors import VoicesFull
from chalicelib.domain.voices.voice import (
    JUDGED_FOR,
    STARS,
    ShownVoice,
    Voice,
    VoiceKind,
    VoiceState,
    shown_of,
)
from chalicelib.storage.keys import (
    Item,
    body,
    judged_key,
    judged_partition,
    sender_key,
    sender_partition,
    spoken_key,
    spoken_partition,
    sum_key,
    ttl,
    unheard_key,
    unheard_partition,
    voice_key,
    waiting_key,
)
from chalicelib.storage.table import Table

PARTS: dict[VoiceKind, int] = {VoiceKind.REVIEW: 4, VoiceKind.COMMENT: 8, VoiceKind.STORY: 2}
"""Parts of each pile, since all that is sent at once meets at their counts."""
MOST_WAITING = 2_000
"""Voices that wait in one part, at most: of comments 16,000 in all."""

Counts = Counter[tuple[str, str, str]]
"""What a voice adds to counts: by the partition and sort key of the item, and the count's name."""


class SpokenPage(msgspec.Struct, frozen=True):
    """Voices that are shown, the latest first; `after` names where the next page begins, empty where there is none.

    Of the first page: `count` is how many there are in all, and `stars` how many with one to five of them.
    """

    voices: tuple[ShownVoice, ...] = ()
    after: str = ""
    count: int = 0
    stars: tuple[int, ...] = (0,) * STARS


class VoiceStore:
    """Voices, wherever they stand."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def load(self, number: str) -> Voice | None:
        """Return the voice of this number."""
        item = self.table.get(voice_key(number))
        return _voice(item) if item else None

    def load_many(self, numbers: Iterable[str]) -> list[Voice]:
        """Return those voices of these numbers that there are, in that order; one read for each 100."""
        wanted = [*numbers]
        found = {one.number: one for one in map(_voice, self.table.get_many([*map(voice_key, wanted)], True))}
        return [found[number] for number in wanted if number in found]

    def save(self, before: Voice | None, after: Voice | None) -> bool:
        """Write a voice with all that tells of it, or none in its place; return whether it was as it was read.

        Raise VoicesFull, Busy.
        """
        writes = [*_writes(before, after)]
        reasons = self.table.transact(writes)
        if not reasons:
            return True
        if reasons[0]["Code"] == "None":
            raise VoicesFull("so much waits to be read that no more is taken now: try again tomorrow")
        return False

    def again(self, number: str) -> bool:
        """Count that the same words were sent once more; return whether they are there."""
        return self.table.write(
            "update_item",
            Key=voice_key(number),
            UpdateExpression="ADD times :one",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def counts(self) -> dict[VoiceKind, int]:
        """Return how many voices of each kind wait. One read of some small items; no scan."""
        keys = [waiting_key(kind, part) for kind, parts in PARTS.items() for part in range(parts)]
        found: Counter[VoiceKind] = Counter(dict.fromkeys(PARTS, 0))
        for item in self.table.get_many(keys):
            found[VoiceKind(item["pk"]["S"].split("#")[1])] += int(item["n"]["N"])
        return dict(found)

    def waiting_count(self) -> int:
        """Return how many voices wait for the moderator. One read, no scan."""
        return sum(self.counts().values())

    def waiting(self, kind: VoiceKind, after: str, limit: int) -> list[str]:
        """Return where so many voices of a kind stand that wait, the oldest first, behind `after` (empty: from the
        first): each ends in its number. One short read of each part.
        """
        parts = (self._keys(unheard_partition(kind, part), after, limit) for part in range(PARTS[kind]))
        return [*islice(merge(*parts), limit)]

    def judged(self, month: str, limit: int) -> list[str]:
        """Return the numbers of voices that were decided on in a month, the latest first, each once."""
        found = self.table.call(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": judged_partition(month)}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [*dict.fromkeys(item["sk"]["S"].rpartition("#")[2] for item in found["Items"])]

    def spoken(self, about: str, after: str, limit: int) -> SpokenPage:
        """Return so many of the voices that are shown of a subject, the latest first, behind `after`. One read."""
        values = {":pk": {"S": spoken_partition(about)}, ":after": {"S": after or "t"}}
        request = {
            "KeyConditionExpression": "pk = :pk AND sk < :after",
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            "Limit": limit + 2,  # the sum, and one more, which says that there is another page
        }
        items = [*self.table.call("query", **request)["Items"]]
        total = items.pop(0) if items and items[0]["sk"]["S"] == "sum" else {}
        shown, more = items[:limit], items[limit:]
        return SpokenPage(
            tuple(msgspec.json.decode(item["body"]["S"], type=ShownVoice) for item in shown),
            shown[-1]["sk"]["S"] if more else "",
            _number(total, "n"),
            tuple(_number(total, f"s{star}") for star in range(1, STARS + 1)),
        )

    def of_sender(self, sender: str) -> list[str]:
        """Return the numbers of what whoever has this pseudonym has sent."""
        found = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": sender_partition(sender)}},
        )
        return [item["sk"]["S"] for item in found]

    def _keys(self, partition: str, after: str, limit: int) -> list[str]:
        found = self.table.call(
            "query",
            KeyConditionExpression="pk = :pk AND sk BETWEEN :after AND :last",
            ExpressionAttributeValues={":pk": {"S": partition}, ":after": {"S": after or "0"}, ":last": {"S": "9~"}},
            Limit=limit + 1,
        )
        return [item["sk"]["S"] for item in found["Items"] if item["sk"]["S"] != after]


def _voice(item: Item) -> Voice:
    voice = msgspec.json.decode(item["body"]["S"], type=Voice)
    return msgspec.structs.replace(voice, number=item["pk"]["S"].partition("#")[2], times=_number(item, "times"))


def _writes(before: Voice | None, after: Voice | None) -> Iterator[dict[str, Any]]:
    """Yield the writes that bring the table from one to the other: the voice itself first, on its condition."""
    voice = after or before
    assert voice  # noqa: S101 - for the type checker
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if before:
        values = {":v": {"N": str(before.version)}}
        condition = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": values}
    if after:
        yield {"Put": {"Item": _item(after), **condition}}
    else:
        yield {"Delete": {"Key": voice_key(voice.number), **condition}}
    was, now = _told(before), _told(after)
    for name, item in now.items():
        if was.get(name) != item:
            yield {"Put": {"Item": item}}
    for name, item in was.items():
        if name not in now:
            yield {"Delete": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
    change = _counted(after)
    change.subtract(_counted(before))
    for (pk, sk), names in _grouped(change).items():
        yield {"Update": _count(pk, sk, names)}


def _item(voice: Voice) -> Item:
    stored = body(msgspec.structs.replace(voice, number="", times=1))
    item = {**voice_key(voice.number), "v": {"N": str(voice.version)}, "times": {"N": str(voice.times)}, "body": stored}
    return item | _ends(voice)


def _ends(voice: Voice) -> Item:
    """Return the attribute by which what was refused is forgotten; nothing for what waits or is shown."""
    over = voice.judged if voice.state is VoiceState.REFUSED else None
    return {"ttl": ttl(over + JUDGED_FOR)} if over else {}


def _told(voice: Voice | None) -> dict[tuple[str, str], Item]:
    """Return the items that tell of a voice, by their keys."""
    items: list[Item] = []
    if voice is None:
        return {}
    if voice.state is VoiceState.WAITING:
        items.append(unheard_key(voice.kind, _part(voice), voice.at, voice.number))
    if voice.state is VoiceState.SHOWN:
        items.append({**spoken_key(voice.about, voice.day, voice.at, voice.number), "body": body(shown_of(voice))})
    if voice.sender:
        items.append({**sender_key(voice.sender, voice.number), **_ends(voice)})
    if voice.judged:
        items.append({**judged_key(voice.judged, voice.number), "ttl": ttl(voice.judged + JUDGED_FOR)})
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


def _counted(voice: Voice | None) -> Counts:
    """Return what a voice adds to counts."""
    found: Counts = Counter()
    if voice and voice.state is VoiceState.WAITING:
        found[(*_names(waiting_key(voice.kind, _part(voice))), "n")] += 1
    if voice and voice.state is VoiceState.SHOWN:
        total = _names(sum_key(voice.about))
        found[(*total, "n")] += 1
        if voice.stars:
            found[(*total, f"s{voice.stars}")] += 1
    return found


def _grouped(change: Counts) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (pk, sk, name), units in change.items():
        if units:
            found.setdefault((pk, sk), {})[name] = units
    return found


def _count(pk: str, sk: str, names: dict[str, int]) -> Item:
    """Return the update of counts; of what waits on the condition that there is room for one more."""
    update: Item = {
        "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
        "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in names),
        "ExpressionAttributeValues": {f":{name}": {"N": str(units)} for name, units in names.items()},
    }
    if sk == "waiting" and names["n"] > 0:
        update["ConditionExpression"] = "attribute_not_exists(n) OR n < :most"
        update["ExpressionAttributeValues"][":most"] = {"N": str(MOST_WAITING)}
    return update


def _names(key: Item) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]


def _part(voice: Voice) -> int:
    """The end of a number is as good as random."""
    return int(voice.number[-4:]) % PARTS[voice.kind]


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {"N": "0"})["N"])


def months(now: datetime) -> Sequence[str]:
    """Return this month and the one before it, as the partitions of what was decided are named."""
    before = now.replace(day=1) - timedelta(days=1)
    return [f"{now:%Y-%m}", f"{before:%Y-%m}"]
