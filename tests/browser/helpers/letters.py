"""The letters and text messages of the running shop."""

import email
import email.policy
import time
from pathlib import Path


def letter_about(folder: Path, *words: str) -> str:
    """The text of the letter, or text message, that has all these words in its text, head or id, once it is there."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for path in folder.glob("*.eml"):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",))
            text = str(body.get_content()) if body else ""
            whole = f"{letter['To']} {letter['Subject']} {letter['Message-ID']} {text}"
            if all(word in whole for word in words):
                return text
        time.sleep(0.2)
    raise AssertionError(f"no letter about {words} in {folder}")
