"""Spreadsheets as files: .xlsx is written with text cells alone; .xlsx, .xls and .csv are read, in whatever writing.

The libraries are imported where they are used: no other request pays for them.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Sequence

from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.packing.numbers import MOST_ROWS, Rows

MOST_BYTES = 2_000_000
"""Of a file; 5,000 rows of eleven cells have 221 kB."""
MOST_UNPACKED = 32_000_000
"""Bytes of what an .xlsx holds: it is a zip, and a small one may hold very much."""
MOST_COLUMNS = 200
WIDTH = 18
"""Characters of a column as it opens."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How .xlsx begins, and .xls, or an .xlsx under a password."""
SEPARATORS = (",", "\t", ";")


def write(rows: Sequence[Sequence[str]], name: str) -> bytes:
    """Return an .xlsx of one sheet of this name, each cell a text whatever it looks like; the first row are heads."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, text = book.add_worksheet(name), book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        sheet.set_column(0, max(map(len, rows), default=1) - 1, WIDTH, text)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, text if place else bold)
    return file.getvalue()


def read(file: bytes) -> list[Rows]:
    """Return the rows of each sheet, from its first row on; of a .csv, by each separator that it may have.

    Raise Invalid for what is no spreadsheet.
    """
    if len(file) > MOST_BYTES:
        raise _refused(f"it has more than {MOST_BYTES // 1_000_000} MB")
    if file.startswith((ZIP, OLE)):
        return _workbook(file)
    return _lines(text_in(file))


def text_in(file: bytes) -> str:
    """Return the text of a file: by its mark (BOM), else as UTF-8 where all of it is, else as GB18030 where all is.

    It is judged as a whole: a word of two characters in GBK is good UTF-8 now and then.
    """
    marked = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    told = [encoding for mark, encoding in marked.items() if file.startswith(mark)]
    for encoding in told or ["utf-8", "gb18030"]:
        try:
            return file.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("it is neither .xlsx nor .csv in UTF-8 or GB18030: save it as .xlsx")


def _workbook(file: bytes) -> list[Rows]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if file.startswith(ZIP):
            with zipfile.ZipFile(io.BytesIO(file)) as packed:
                if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                    raise _refused("it holds too much")
        with CalamineWorkbook.from_filelike(io.BytesIO(file)) as book:
            sheets = [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]
            if any(one.total_height > 2 * MOST_ROWS or one.total_width > MOST_COLUMNS for one in sheets):
                raise _refused(f"it has more than {2 * MOST_ROWS} rows or {MOST_COLUMNS} columns")
            return [one.to_python(skip_empty_area=False) for one in sheets]
    except (CalamineError, zipfile.BadZipFile):
        raise _refused("it cannot be read: save it as .xlsx, without a password") from None


def _lines(text: str) -> list[Rows]:
    """The rows of a .csv by each separator that it can be read with: the heads tell which of them is meant."""
    found: list[Rows] = []
    for separator in SEPARATORS:
        try:
            found.append([[*row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)])
        except csv.Error:
            continue
    if not found:
        raise _refused("it is no .csv that can be read: save it as .xlsx")
    return found


def _refused(why: str) -> Invalid:
    return Invalid([Fault("/file", f"the file cannot be taken: {why}")])
