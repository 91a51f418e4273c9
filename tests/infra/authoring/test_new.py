"""`cunbo new`: what is asked, what is written, and that what is written can be published."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chalicelib.catalog import Fen, Shop, Unit
from cunbo.authoring.new import KINDS, UNREAD, Interview, new, read
from cunbo.cli import main
from cunbo.core.paths import Paths
from storefront.check import content
from storefront.read import forms
from storefront.read.records import FOLDERS, SHELVES

from tests.infra.fields import written
from tests.site.helpers.films import film
from tests.site.helpers.samples import photograph

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = Path(__file__).resolve().parents[3] / "content"
KNOWN = {"village": ["gaotaizi", "qinghe"], "products": ["grapes", "spicy-cabbage"]}
ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "product": {
        "Its name": ["grapes", "Pine Nuts", "pine-nuts"],
        "Kind": ["fruit", "produce"],
        "Village": ["nowhere", "gaotaizi"],
        "Returns": "seven-days",
        "Picture file": ["/no/such/file.jpg", "PICTURE"],
        "SKU": "pine-nuts-250g",
        "Price": ["dear", "39.999", "¥39.9"],
        "grams": "250",
        "Units per day": "20",
        "can ship": "2",
        "ahead": "14",
        "sample": "y",
    },
    "story": {
        "Its name": "pine-nuts",
        "Village": "qinghe",
        "Published": "",
        "Picture file": "PICTURE",
        "Products": "grapes",
    },
    "video": {
        "Its name": "pine-nuts",
        "Village": "qinghe",
        "(MP4)": ["TEXT", "CLIP"],
        "Published": "2026-11-26",
        "Picture file": "PICTURE",
        "Products": "",
        "sample": "y",
    },
    "village": {"Its name": "pine-nuts", "Picture file": "PICTURE"},
    "room": {
        "Its name": "pine-nuts",
        "Village": "qinghe",
        "Picture file": "PICTURE",
        "Products": "grapes",
        "Days of the week": "wednesday, saturday",
        "Starts at": "19:00",
        "Ends at": "21:00",
        "sample": "y",
    },
    "page": {"Its name": "pine-nuts"},
}
COUNTED = re.compile(r"(\d+) of (\d+): (.*)", re.DOTALL)


class Writer:
    """Somebody who answers; what has no answer of its own is some words. Keeps what was told."""

    def __init__(self, folder: Path, kind: str, **files: Path) -> None:
        self.told: list[str] = []
        self.asked: list[str] = []
        self.left: dict[str, Iterator[str]] = {}
        self.bags = iter(["bag", "bag/bags"])
        for label, said in ANSWERS[kind].items():
            answers = [said] if isinstance(said, str) else said
            self.left[label] = iter([str(files[answer]) if answer in files else answer for answer in answers])
        self.interview = Interview("en", folder / KINDS[kind], KNOWN, self.read, self.told.append)

    def read(self, label: str) -> str:
        self.asked.append(label)
        counted = COUNTED.fullmatch(label)
        assert counted, label
        label = counted[3]
        if label.startswith(("Pictures: add another", "Sizes: add another", "Weekly shows: add another")):
            return ""
        if label.startswith("Unit counted"):
            return "袋" if "Chinese" in label else next(self.bags)
        if label.endswith((", in Chinese: ", ", in English: ")):
            return "几个字" if "Chinese" in label else "Some words"
        (found,) = [name for name in self.left if name in label]
        return next(self.left[found])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    picture, clip = tmp_path / "Pine Nuts.jpg", tmp_path / "nuts.mp4"
    picture.write_bytes(photograph())
    clip.write_bytes(film(12))
    text = tmp_path / "text.mp4"
    text.write_bytes(b"no clip")
    return {"PICTURE": picture, "CLIP": clip, "TEXT": text}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_for_can_be_published_at_once(folder: Path, files: dict[str, Path], kind: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    written = new(kind, Writer(folder, kind, **files).interview)
    shelf = {record.id: record for record in getattr(content.read(folder), SHELVES.get(KINDS[kind], KINDS[kind]))}
    assert shelf["pine-nuts"].summary.en == "Some words"
    pictures = set() if kind == "page" else {"pine-nuts.jpg"}
    assert {path.name for path in written} >= {"pine-nuts.md", "pine-nuts.en.md"} | pictures
    assert {path: path.read_bytes() for path in before} == before, "nothing that was there is touched"


def test_an_answer_that_will_not_do_is_asked_for_again_with_what_to_write(folder: Path, files: dict[str, Path]) -> None:
    writer = Writer(folder, "product", **files)
    new("product", writer.interview)
    assert [line.strip() for line in writer.told[1:]] == [
        "grapes already exists: choose another name",
        "That won't work. Write lower-case letters, digits and single hyphens, such as spicy-cabbage-500g",
        "That won't work. Write food (made by somebody) or produce (as it was harvested or dried)",
        "That won't work. Write gaotaizi, qinghe",
        "There is no file /no/such/file.jpg",
        *["That won't work. Write a whole number of fen, such as 2990 for ¥29.90"] * 2,
        "That won't work. Write the word for one and for several with a slash between, such as jar/jars or box/boxes",
    ]
    (product,) = [one for one in content.read(folder).products if one.id == "pine-nuts"]
    assert (product.packs[0].price, product.unit) == (3990, Unit("袋", "bag/bags"))


def test_what_to_write_is_said_in_the_language_that_is_asked_in(tmp_path: Path) -> None:
    answers, told = iter(["29.999", "29.90"]), list[str]()
    interview = Interview("zh", tmp_path, {}, lambda _: next(answers), told.append)
    assert interview.one("价格", Fen) == 2990
    assert told == ["  格式不对，请这样写：整数，单位是分，例如 29.90 元写 2990"]


def test_a_file_never_takes_the_place_of_another(folder: Path, files: dict[str, Path]) -> None:
    (folder / "villages" / "pine-nuts.jpg").write_bytes(b"another picture")
    other = files["PICTURE"].with_name("hill.jpg")
    shutil.copy(files["PICTURE"], other)
    writer = Writer(folder, "village", **files)
    writer.left["Picture file"] = iter([str(files["PICTURE"]), str(other)])
    new("village", writer.interview)
    assert "A different file named pine-nuts.jpg already exists" in writer.told[1]
    assert (folder / "villages" / "pine-nuts.jpg").read_bytes() == b"another picture"
    (folder / "villages" / "pine-nuts.jpg").unlink()
    assert content.read(folder)


def test_questions_are_counted_to_their_end(folder: Path, files: dict[str, Path]) -> None:
    writer = Writer(folder, "product", **files)
    new("product", writer.interview)
    found = [COUNTED.fullmatch(label) for label in writer.asked]
    places = [(int(each[1]), int(each[2])) for each in found if each]
    assert {total for _, total in places} == {places[-1][0]}
    assert sorted({place for place, _ in places}) == [*range(1, places[-1][0] + 1)]
    assert f"About {places[-1][0]} questions" in writer.told[0]


@pytest.mark.parametrize("sign", ["<", "＜", "《"])
def test_one_sign_goes_back_to_the_question_before_however_often(
    folder: Path, files: dict[str, Path], sign: str
) -> None:
    said = iter(["pine-nuts", "wrong name", sign, "松子村", "Wrong", sign, sign, "松果村", "Pine village"])
    writer = Writer(folder, "village", **files)
    writer.left.pop("Its name")
    answers = writer.read

    def read(label: str) -> str:
        return next(said, None) or answers(label)

    writer.interview.read = read
    new("village", writer.interview)
    (village,) = [one for one in content.read(folder).villages if one.id == "pine-nuts"]
    assert (village.name.zh, village.name.en) == ("松果村", "Pine village")


def test_who_breaks_off_finds_the_answers_again_or_begins_anew(
    folder: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def answering(*answers: str) -> None:
        left = iter(answers)

        def read(label: str) -> str:
            asked.append(label)
            for answer in left:
                return answer
            raise KeyboardInterrupt

        monkeypatch.setattr("builtins.input", read)

    def run() -> int:
        with pytest.raises(SystemExit) as left:
            main(["new", "village", "--content", str(folder), "--lang", "en"])
        return int(left.value.code or 0)

    monkeypatch.setattr("cunbo.cli.Paths", lambda: Paths(state=folder.parent / "state"))
    answering("pine-nuts", "松子村")
    assert run() == 2
    assert "your answers are kept" in capsys.readouterr().err
    answering("", "Pine village")
    assert run() == 2
    assert "You answered 2 questions" in asked[-3]
    assert asked[-2].startswith("3 of ")
    answering("n")
    assert run() == 2
    assert asked[-1].startswith("1 of ")
    assert not [*folder.glob("villages/pine-nuts*")]


def test_who_stops_halfway_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    answers = iter(["pine-nuts", "松子"])

    def read(label: str) -> str:
        for answer in answers:
            return answer
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", read)
    monkeypatch.setattr("cunbo.cli.Paths", lambda: Paths(state=folder.parent / "state"))
    with pytest.raises(SystemExit) as left:
        main(["new", "village", "--content", str(folder), "--lang", "en"])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("cunbo: nothing was written")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("said", "fen"),
    [("29.90", 2990), ("¥29.9", 2990), ("30", 3000), ("30元", 3000), ("29.999", UNREAD), ("", UNREAD), ("1e400", 0)],
)
def test_money_is_typed_in_yuan(said: str, fen: Any) -> None:
    assert read(said, Fen) == fen or not forms.fits(read(said, Fen), Fen)


def test_every_field_of_every_type_has_its_words_in_both_languages_and_no_words_are_left_over() -> None:
    needed = {way.rpartition(".")[2] for kind in (*FOLDERS.values(), Shop) for way in written(kind)}
    assert forms.labels().keys() == needed
    assert all(label.keys() == {"zh", "en"} for label in forms.labels().values())


def test_a_field_without_words_says_where_they_are_written() -> None:
    with pytest.raises(KeyError, match=r"fields.yml has no words for grower: add them there, in both languages"):
        forms.labels()["grower"]
