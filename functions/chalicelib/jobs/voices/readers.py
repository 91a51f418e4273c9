"""Writes to readers of the newsletter: the link that confirms an address, and letters to all, a portion at a time.

Before a letter to all goes to somebody it is noted with them that it does. So whoever has left in between gets none,
and nobody gets two, whatever was cut off: at worst one reader gets none, who was written to when the function died.
"""

from datetime import timedelta

from chalicelib.domain.aggregate import Intent, Mail
from chalicelib.domain.voices.mailing import Mailing, PortionSent
from chalicelib.domain.voices.signup import Signup
from chalicelib.jobs.letters import LetterWriter, ReaderLetter, link_to
from chalicelib.mail import Undeliverable, Unwritable
from chalicelib.services.stage import Stage
from chalicelib.services.voices.newsletter import leave_name
from chalicelib.storage.voices.readers import PARTS, Reader, ReaderStore

PORTION = 60
"""Letters of one turn; a turn a minute makes 3,600 an hour."""
LONGEST_TURN = timedelta(seconds=25)
"""How long a turn lasts at most: it is one of many things that a minute's sweep does."""


class Readers:
    """Writes to those who get, or have asked for, the newsletter."""

    def __init__(self, stage: Stage, store: ReaderStore, letters: LetterWriter) -> None:
        self.stage, self.store, self.letters = stage, store, letters

    def confirm(self, signup: Signup, intent: Intent) -> None:
        """Send the link that confirms an address; raise HeldBack, what the mailer does."""
        if not signup.email or not isinstance(intent, Mail):
            return
        facts = {"link": link_to(self.stage, "newsletter", signup.number, signup.lang)}
        self.letters.to_reader(ReaderLetter("confirm", signup.email, signup.number, signup.lang, facts))

    def send(self, mailing: Mailing, _: Intent) -> PortionSent:
        """Send the next portion of a letter to all; raise what the mailer does where not even one could be sent."""
        if mailing.test:
            self._write(mailing, Reader(self.stage.settings.manager_mail, "zh", mailing.at), "")
            return PortionSent(PARTS, "", 1, over=True)
        part, after, sent, began = mailing.part, mailing.after, 0, self.stage.clock()
        while part < PARTS:
            found = self.store.some(part, after, PORTION - sent)
            for reader in found:
                if self.stage.clock() - began > LONGEST_TURN:
                    return PortionSent(part, after, sent, over=False)
                try:
                    sent += self._send(mailing, reader)
                except Exception:
                    if not sent:
                        raise
                    return PortionSent(part, after, sent, over=False)
                after = reader.name
            if sent >= PORTION:
                return PortionSent(part, after, sent, over=False)
            if not found:
                part, after = part + 1, ""
        return PortionSent(PARTS, "", sent, over=True)

    def _send(self, mailing: Mailing, reader: Reader) -> bool:
        """Whether it went out: not to whoever has had it, or has left."""
        if not self.store.take(reader.name, mailing.number):
            return False
        try:
            self._write(mailing, reader, leave_name(self.stage.keys, reader.name))
        except Unwritable:
            raise
        except Undeliverable:
            self.store.remove(reader.name)  # nobody has that address any more
            return False
        except Exception:
            self.store.put_back(reader.name, mailing.number)
            raise
        return True

    def _write(self, mailing: Mailing, reader: Reader, leave: str) -> None:
        title, words = mailing.text(reader.lang)
        url, lang = self.stage.settings.shop_url, "" if reader.lang == "zh" else f"/{reader.lang}"
        facts = {"title": title, "words": words, "link": f"{url}{lang}/newsletter/#leave.{leave}" if leave else ""}
        headers = {
            "List-Unsubscribe": f"<{url}/api/newsletter/leave/{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        self.letters.to_reader(
            ReaderLetter("news", reader.email, mailing.number, reader.lang, facts, headers if leave else {})
        )
