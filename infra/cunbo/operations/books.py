"""The books of a day or a month as a file, as the desk makes it too: functions/chalicelib/services/desk/workbook.py."""

import re
from datetime import date
from pathlib import Path

from chalicelib.catalog import Catalog
from chalicelib.domain.desk.day_books import BookSums
from chalicelib.services.desk.books import ShopBooks
from chalicelib.services.desk.workbook import book_file
from chalicelib.services.stage import utc_now
from chalicelib.storage.store import Store

from cunbo.core.refusal import Refusal
from cunbo.operations.shop import refusing


def read_past(text: str) -> date:
    """Return the date that was typed, past or not; raises Refusal where it is none."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"{text} is no date: write it as 2026-11-26")


def write(file: Path, span: str, catalog: Catalog, store: Store, lang: str) -> BookSums:
    """Write the books of a day or month into the file, and return their sums; raises Refusal where that cannot be."""
    with refusing("the books"):
        made = book_file(ShopBooks(catalog, store, utc_now), span, lang)
    try:
        file.write_bytes(made.data)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error}") from None
    return made.sums
