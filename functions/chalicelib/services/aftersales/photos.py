"""Photographs that buyers and readers send: a form to send each by, a look at its bytes, and an address to show it at.

    forms = photos.ask("claim", order.number, 2, now)   # the browser posts each file by its form, and names them again:
    names = photos.accept("claim", order.number, ["…"]) # what is kept of them, to be stored with what they belong to
    photos.show(names[0])                               # for a page, for some minutes
    photos.forget("claim", order.number)                # with what they belong to

A name says for what and for whom it was asked, and is signed: nobody takes another's photograph for their own. What
was accepted once is accepted again under the same name, so whoever sends a claim twice loses nothing.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chalicelib.domain.aftersales.jpeg import MOST_BYTES, NotAPhoto, cleaned
from chalicelib.domain.errors import Fault, Invalid, NotFound
from chalicelib.domain.keys import Keys
from chalicelib.storage.uploads import UploadStore

PhotoPurpose = Literal["claim", "review", "story"]
"""What photographs are sent for; each has a folder of its own."""
SEND_WITHIN = timedelta(minutes=10)
"""How long a form can be sent."""
SHOWN_FOR = timedelta(minutes=10)
"""How long an address shows a photograph."""
RANDOM = re.compile(r"[0-9a-f]{32}", re.ASCII)


class PhotoForm(msgspec.Struct, frozen=True):
    """Where one photograph is posted to, with these `fields` before its file; `name` is what it is then called by."""

    name: str
    url: str
    fields: dict[str, str]
    until: datetime


class Photos:
    """The photographs of a shop."""

    def __init__(self, uploads: UploadStore, keys: Keys) -> None:
        self.uploads, self.keys = uploads, keys

    def ask(self, purpose: PhotoPurpose, owner: str, count: int, now: datetime) -> list[PhotoForm]:
        """Return forms for so many photographs; `owner` says whose they are, such as an order's number.

        Raise NotFound where the shop takes none.
        """
        if not self.uploads.host:
            raise NotFound("this shop takes no photographs")
        until = now + SEND_WITHIN
        forms = []
        for _ in range(count):
            random = secrets.token_hex(16)
            name = random + self.keys.signature("photo", _of(purpose, owner, random))
            fields = self.uploads.form(f"raw/{purpose}/{random}", MOST_BYTES, until)
            forms.append(PhotoForm(name, f"{self.uploads.url}/", fields, until))
        return forms

    def accept(self, purpose: PhotoPurpose, owner: str, names: Sequence[str], pointer: str = "/photos") -> list[str]:
        """Look at the bytes of what was sent, keep the pictures alone, and return by which names they are shown.

        Raise Invalid, which names each that is no photograph, was not sent, or is another's; Busy. Nothing is kept of
        those that are refused; those that are good stay, for whoever sends the others again.
        """
        faults, kept = [], []
        for index, name in enumerate(names):
            try:
                kept.append(self._accept(purpose, owner, name))
            except NotAPhoto as refused:
                faults.append(Fault(f"{pointer}/{index}", f"this cannot be taken as a photograph: {refused}"))
        if faults:
            raise Invalid(faults)
        return kept

    def show(self, name: str) -> str:
        """Return where a page shows a photograph that was accepted, for some minutes."""
        return self.uploads.address(f"kept/{name}", SHOWN_FOR)

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a photograph that was accepted; None where it is gone. Raise Busy."""
        return self.uploads.read(f"kept/{name}", MOST_BYTES)

    def forget(self, purpose: PhotoPurpose, owner: str) -> int:
        """Delete all that was kept of an owner's photographs, and return how many there were. Raise Busy."""
        found = 0
        for folder in self._folders(purpose, owner) if self.uploads.host else ():
            for key in [*self.uploads.keys(f"kept/{folder}/")]:
                self.uploads.delete(key)
                found += 1
        return found

    def _accept(self, purpose: PhotoPurpose, owner: str, name: str) -> str:
        random, signature = name[:32], name[32:]
        if not RANDOM.fullmatch(random) or not self.keys.signed("photo", _of(purpose, owner, random), signature):
            raise NotAPhoto("it was not asked for here")
        raw = f"raw/{purpose}/{random}"
        kept = [f"{folder}/{random}" for folder in self._folders(purpose, owner)]
        # What is kept is never written again: a form can be sent twice, and a claim's evidence must stay what it was.
        if before := next((one for one in kept if self.uploads.has(f"kept/{one}")), None):
            return before
        sent = self.uploads.read(raw, MOST_BYTES)
        if sent is None:
            raise NotAPhoto("it was not sent")
        try:
            picture = cleaned(sent)
        except NotAPhoto:
            self.uploads.delete(raw)
            raise
        self.uploads.write(f"kept/{kept[0]}", picture)
        self.uploads.delete(raw)
        return kept[0]

    def _folders(self, purpose: PhotoPurpose, owner: str) -> list[str]:
        """The folders of an owner, by each secret of the stage; the current one's first."""
        return [f"{purpose}/{one}" for one in self.keys.pseudonyms("photo", purpose, owner)]


def _of(purpose: PhotoPurpose, owner: str, random: str) -> str:
    return f"{purpose}\n{owner}\n{random}"
