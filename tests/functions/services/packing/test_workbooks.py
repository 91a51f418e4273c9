"""Spreadsheets as files: what goes out comes back equal, in whatever writing a .csv is."""

import codecs
import csv
import io
import zipfile

import pytest
from chalicelib.domain.errors import Invalid
from chalicelib.services.packing import workbooks
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"])
    | st.sampled_from("\n\t\"'=+@,;，；：￥䶮𬭛𠮷🥬👩‍🌾ＡＢ１２_x000D_&<>"),
    max_size=40,
)
ODD = [
    "一行\n两行", "甲\t乙", '他说 "好"', "=1+1", "+86", "@SUM(A1)", "-1", "'x", "䶮𬭛𠮷", "🥬👩‍🌾", "ＡＢＣ１２３",
    "  blanks  ",
    "12345678901234567890", "0012", "1E5", "TRUE", "2026-11-26", "https://example.com/", "_x000D_", "&lt;<b>",
    "a,b;c", "",
]  # fmt: skip
WORDS = "订单号,运单号\r\nCB1,李小明\r\n"


def read_csv(text: str, encoding: str) -> list[list[object]]:
    return [[*row] for row in workbooks.read(text.encode(encoding))[0]]


def refused(file: bytes) -> str:
    with pytest.raises(Invalid) as told:
        workbooks.read(file)
    [fault] = told.value.faults
    assert fault.pointer == "/file"
    return fault.detail


def test_odd_cells_come_back_as_they_went() -> None:
    """shopware #10592: a line break in an address broke the sheet."""
    [rows] = workbooks.read(workbooks.write([["头"], *([cell] for cell in ODD)], "x"))
    assert rows == [["头"], *([cell] for cell in ODD)]


@settings(deadline=None)
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=4))
def test_whatever_goes_out_as_a_workbook_comes_back_equal(rows: list[list[str]]) -> None:
    heads = ["一", "二", "三"]
    [found] = workbooks.read(workbooks.write([heads, *rows], "x"))
    filled = [heads, *rows]
    while filled and not any(filled[-1]):
        filled.pop()
    assert found[: len(filled)] == filled
    assert not any(cell for row in found[len(filled) :] for cell in row)


@settings(deadline=None)
@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=4), st.sampled_from(["utf-8", "gb18030"]))
def test_whatever_stands_in_a_csv_is_read_as_it_was_written(rows: list[list[str]], encoding: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["订单号", "运单号"], *rows])
    assert read_csv(file.getvalue(), encoding) == [["订单号", "运单号"], *rows]


def test_no_cell_of_a_workbook_is_a_formula_a_number_or_a_link() -> None:
    with zipfile.ZipFile(io.BytesIO(workbooks.write([["头"], *([cell] for cell in ODD)], "x"))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert sheet.count("<c ") == sheet.count('t="s"') == len(ODD) + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_is_read_in_the_writing_that_it_has(encoding: str) -> None:
    """objectui #2556: a CSV in GBK was read as nonsense."""
    assert read_csv(WORDS, encoding) == [["订单号", "运单号"], ["CB1", "李小明"]]


def test_a_word_that_is_good_utf8_by_chance_is_read_as_the_file_around_it() -> None:
    chance = next(
        word
        for first in range(0x4E00, 0x9FA6)
        for second in (0x4E00, 0x5DDE, 0x660E)
        if _is_utf8((word := chr(first) + chr(second)).encode("gbk", "ignore"))
    )
    assert read_csv(f"订单号,运单号\r\nCB1,{chance}\r\n", "gbk")[1] == ["CB1", chance]


def test_a_file_in_utf8_is_read_as_that_though_it_would_pass_for_gb18030() -> None:
    text = "订单,单号,order\r\n"
    assert text.encode().decode("gb18030") != text
    assert read_csv(text, "utf-8") == [["订单", "单号", "order"]]


def _is_utf8(word: bytes) -> bool:
    try:
        return len(word) == 4 and bool(word.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_heads_tell_what_separates_the_cells(separator: str) -> None:
    tables = workbooks.read(f'订单号{separator}运单号\nCB1\t{separator}"SF,1"\n'.encode())
    assert [["订单号", "运单号"]] in [table[:1] for table in tables]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"\xff\xff\xff", "neither"),
        (codecs.BOM_UTF8 + b"\xb6\xa9", "neither"),
        (b"PK\x03\x04 and no zip", "cannot be read"),
        (b"\xd0\xcf\x11\xe0 and no workbook", "cannot be read"),
        (b"x" * 2_000_001, "2 MB"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_words(file: bytes, words: str) -> None:
    assert words in refused(file)


def test_a_zip_that_is_no_workbook_or_holds_very_much_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(40_000_000))
    assert "too much" in refused(file.getvalue())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x.txt", "x")
    assert "cannot be read" in refused(file.getvalue())
