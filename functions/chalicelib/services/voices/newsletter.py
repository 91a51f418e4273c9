"""The newsletter: asked for, confirmed by a letter's link, left by one tap, and written by the manager."""

import re
from contextlib import suppress

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import Fault, Invalid, Malformed, NoLetters, NotFound, Unauthorized
from chalicelib.domain.keys import IDEMPOTENCY_KEY, NUMBER, Keys
from chalicelib.domain.mailbox import is_email, mailbox
from chalicelib.domain.text import tidy_email
from chalicelib.domain.voices.commands import AskNewsletter, WriteMailing
from chalicelib.domain.voices.mailing import Mailing, begun_mailing
from chalicelib.domain.voices.signup import OPEN_FOR, Signup, SignupAgain, SignupConfirmed, decide, signed_up
from chalicelib.domain.voices.wording import tidied
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction
from chalicelib.storage.voices.readers import Reader

LEAVE = "leave-newsletter"
"""What the signature of a leave link is for."""
NAMED = re.compile(r"[0-9a-f]{24}\.[0-9a-f]{64}", re.ASCII)
MOST_WORDS = 5_000
"""Characters of a letter to all."""


def leave_name(keys: Keys, reader: str) -> str:
    """Return what a leave link names its reader by: a pseudonym, and a signature that is good for leaving alone."""
    return f"{reader}.{keys.signature(LEAVE, reader)}"


class Newsletter:
    """The newsletter of a shop."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store, self.keys, self.clock = stage, store, stage.keys, stage.clock

    def ask(self, asked: AskNewsletter) -> None:
        """Send the link that puts the address among the readers; the same, whether it is there already or not.

        How many go to one mailbox is for whoever sends them: a refusal here would let a stranger bar its owner. Raise
        Invalid, NoLetters, Busy.
        """
        email, now = tidy_email(asked.email), self.clock()
        if not is_email(email):
            raise Invalid([Fault("/email", "an e-mail address, such as name@example.com")])
        if not self.stage.settings.mail_from:
            raise NoLetters("this shop sends no letters yet")
        number = self.keys.numbers("signup", self.stage.today.isoformat(), mailbox(email))[0]
        before = self.store.readers.signups.load(number)
        transaction = Transaction()
        if before is None:
            transaction.create(signed_up(Signup(number=number, email=email, lang=asked.lang, asked=now)))
        else:
            after = decide(before, SignupAgain(email, asked.lang), now)
            if after is before:
                return
            transaction.save(before, after)
        with suppress(Stale):  # somebody has just asked for the same
            self.store.commit(transaction)

    def confirm(self, number: str, token: str) -> str:
        """Put the address of a letter's link among the readers, once; return what its leave link names it by.

        A link that was used puts nobody back who has left. Raise Unauthorized, NotFound, Busy.
        """
        if not NUMBER.fullmatch(number) or not self.keys.opens(number, token):
            raise Unauthorized("this is no link that the shop has sent")
        before = self.store.readers.signups.load(number)
        if before is None or not before.email or self.clock() > before.asked + OPEN_FOR:
            raise NotFound("this link has been used, or is over")
        names = self.keys.pseudonyms("newsletter", mailbox(before.email))
        for old in names[1:]:
            self.store.readers.remove(old)
        self.store.readers.add(Reader(before.email, before.lang, self.clock(), names[0]))
        with suppress(Stale):  # its letter was just noted as sent, or it was opened twice: again it says the same
            self.store.commit(Transaction().save(before, decide(before, SignupConfirmed(), self.clock())))
        return leave_name(self.keys, names[0])

    def leave(self, named: str) -> None:
        """Take from the readers whom a leave link names, however often; raise NotFound for a link of nobody's."""
        reader, _, signature = named.partition(".")
        if not NAMED.fullmatch(named) or not self.keys.signed(LEAVE, reader, signature):
            raise NotFound("this is no link that the shop has sent")
        self.store.readers.remove(reader)

    def write(self, asked: WriteMailing, key: str, by: Actor) -> Mailing:
        """Begin to send a letter to all readers, once for each key, or a test of it to the manager.

        Raise Malformed, Invalid, NoLetters, Busy.
        """
        if not IDEMPOTENCY_KEY.fullmatch(key):
            words = "16 to 64 of 0-9, A-Z, a-z, _ and -, made by the client for this letter"
            raise Malformed(f"the header Idempotency-Key must have {words}", [Fault("/Idempotency-Key", words)])
        made = begun_mailing(
            msgspec.structs.replace(self.read(asked), number=self.keys.numbers("mailing", key)[0], by=by)
        )
        settings = self.stage.settings
        if not settings.mail_from or (asked.test and not settings.manager_mail):
            raise NoLetters("this shop sends no letters yet, or does not know the manager's address")
        if found := self.store.readers.mailings.load(made.number):
            return found
        try:
            self.store.commit(Transaction().create(made))
        except Stale:
            return self.mailing(made.number)
        return made

    def read(self, asked: WriteMailing) -> Mailing:
        """Return the letter as it would go out; raise Invalid for one without words."""
        zh, en = (asked.subject_zh, asked.words_zh), (asked.subject_en, asked.words_en)
        faults = []
        texts = []
        for lang, (subject, words) in {"zh": zh, "en": en}.items():
            subject, words = tidied(subject, lines=False), tidied(words)
            texts += [subject, words]
            if bool(subject) != bool(words):
                faults.append(Fault(f"/{'words' if subject else 'subject'}_{lang}", "a letter has a subject and words"))
            if len(words) > MOST_WORDS:
                faults.append(Fault(f"/words_{lang}", f"at most {MOST_WORDS} characters"))
        if not any(texts):
            faults.append(Fault("/words_zh", "a letter has words"))
        if faults:
            raise Invalid(faults)
        return Mailing(
            subject_zh=texts[0],
            words_zh=texts[1],
            subject_en=texts[2],
            words_en=texts[3],
            at=self.clock(),
            test=asked.test,
        )

    def mailing(self, number: str) -> Mailing:
        """Return how far a letter to all has come; raise NotFound."""
        found = self.store.readers.mailings.load(number) if NUMBER.fullmatch(number) else None
        if found is None:
            raise NotFound("there is no such letter")
        return found

    def readers(self) -> int:
        """Return how many readers there are."""
        return self.store.readers.count()
