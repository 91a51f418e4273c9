"""Photographs of any kind: what is shown, and what is told where it cannot be."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from storefront.check.content import look, read
from storefront.read.media import kinds, pictures

from tests.site.helpers.samples import GOOD, photograph, the_fault, write

STORY = "stories/returnees.md"


def made(mode: str, size: tuple[int, int], kind: str) -> bytes:
    data = BytesIO()
    Image.new(mode, size).save(data, kind)
    return data.getvalue()


def said_to_be(width: int, height: int) -> bytes:
    """A small JPEG whose head says that it is so large."""
    data = photograph(64, 64)
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + data[at + 4 :]


UNFIT = {
    "half.jpg": (photograph()[:-2000], "incomplete or damaged: wait until it is copied"),
    "half.png": (photograph(kind="PNG")[:-400], "incomplete or damaged: wait"),
    "half.webp": (photograph(kind="WEBP")[:-200], "incomplete or damaged: wait"),
    "empty.webp": (b"", "an empty file: copy or send it again"),
    "huge.jpg": (
        said_to_be(16320, 12240),
        "has 200 million pixels, which is too many: set the camera to 12 megapixels",
    ),
    "long.png": (
        made("1", (1080, 30000), "PNG"),
        "too long (1080×30000): its height may be at most 15 times its width",
    ),
    "rather-long.png": (made("1", (720, 16389), "PNG"), "too long (720×16389)"),
    "flat.png": (made("1", (1000, 2), "PNG"), "too flat (1000×2): its width may be at most 400 times its height"),
    "phone.jpg": (b"\0\0\0\x24ftypheic\0\0\0\0", "really HEIC: save it as JPEG; on an iPhone"),
    "phone.HEIC": (b"\0\0\0\x24ftypheic\0\0\0\0", "really HEIC: save it as JPEG"),
    "anim.gif": (made("P", (640, 4), "GIF"), "really GIF: save it as PNG; if it moves"),
    "scan.jpg": (made("RGB", (640, 4), "TIFF"), "really TIFF / RAW: save it as JPEG"),
    "small.avif": (b"\0\0\0\x20ftypavif", "really AVIF: save it as JPEG"),
    "camera.mpo": (photograph(), "is JPEG, and its name does not end so: rename it to end in .jpg"),
    "drawn.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is SVG, and its name does not end so"),
    "film.jpg": (b"\0\0\0\x18ftypmp42", "really MP4"),
    "words.png": (b"words", "is not a picture"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_picture_that_cannot_be_shown_is_told_where_a_record_names_it(tmp_path: Path, name: str) -> None:
    data, expected = UNFIT[name]
    files = {STORY: str(GOOD[STORY]).replace("desk.svg", name), f"stories/{name}": data}
    fault = the_fault(tmp_path, **files)
    assert fault.startswith(f"content/{STORY}:8: ") and name in fault and expected in fault


@pytest.mark.parametrize("name", ["half.jpg", "long.png", "anim.gif", "phone.HEIC"])
def test_and_where_a_text_does(tmp_path: Path, name: str) -> None:
    data, expected = UNFIT[name]
    fault = the_fault(tmp_path, **{STORY: f"{GOOD[STORY]}\n![坛]({name})\n", f"stories/{name}": data})
    assert fault.startswith(f"content/{STORY}:12: ") and expected in fault


def test_nobody_is_told_of_what_no_record_names_but_that_it_lies_there(tmp_path: Path) -> None:
    found = look(write(tmp_path, GOOD | {f"stories/{name}": data for name, (data, _) in UNFIT.items()}))
    assert found.catalog and {Path(notice.file).name for notice in found.notices} == set(UNFIT)


def test_a_picture_in_a_place_that_is_not_published_is_told_where_it_is_named(tmp_path: Path) -> None:
    files = {"photos/jar.jpg": photograph(), STORY: f"{GOOD[STORY]}\n![坛](../photos/jar.jpg)\n"}
    assert ":12: the picture jar.jpg is in a place that is not published" in the_fault(tmp_path, **files)


def test_a_picture_may_lie_beside_another_record_and_in_a_folder_of_its_own(tmp_path: Path) -> None:
    text = "![坛](../products/jar.jpg) ![坛](2019/jar.en.JPG)"
    large = photograph(1200, 900)
    files = {"products/jar.jpg": large, "stories/2019/jar.en.JPG": large, STORY: f"{GOOD[STORY]}\n{text}"}
    found = look(write(tmp_path, GOOD | files))
    assert not found.faults and not found.notices
    assert {"jar.jpg", "jar.en.JPG"} <= {path.name for path in found.named}


@pytest.mark.parametrize(("name", "kind"), [("jar.jpg", "PNG"), ("jar.png", "JPEG"), ("jar.webp", "PNG")])
def test_a_picture_is_what_its_bytes_say(tmp_path: Path, name: str, kind: str) -> None:
    files = {STORY: str(GOOD[STORY]).replace("desk.svg", name), f"stories/{name}": photograph(kind=kind)}
    assert read(write(tmp_path, GOOD | files))


def opened(folder: Path, data: bytes, widest: int = 1600) -> pictures.Photograph:
    (folder / "x.png").write_bytes(data)
    return pictures.open_upright(folder / "x.png", widest)


def test_sixteen_bits_of_grey_are_scaled_to_eight(tmp_path: Path) -> None:
    ramp = Image.linear_gradient("L").resize((800, 600)).convert("I").point(lambda value: value * 257).convert("I;16")
    data = BytesIO()
    ramp.save(data, "PNG")
    (low, high), *_ = opened(tmp_path, data.getvalue()).picture.getextrema()
    middle = opened(tmp_path, data.getvalue()).picture.convert("L").resize((1, 1)).getpixel((0, 0))
    assert (low, high) == (0, 255) and middle in range(120, 136)


def with_red_for_blue() -> bytes:
    """A profile whose red is sRGB's blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(pictures.SRGB).tobytes())
    red, blue = (profile.index(tag, 128) for tag in (b"rXYZ", b"bXYZ"))
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def test_colours_are_those_that_the_photographs_profile_means(tmp_path: Path) -> None:
    data = BytesIO()
    Image.new("RGB", (640, 480), (255, 0, 0)).save(data, "PNG", icc_profile=with_red_for_blue())
    red, _, blue = opened(tmp_path, data.getvalue()).picture.getpixel((0, 0))
    assert red < 20 and blue > 235
    assert opened(tmp_path, made("CMYK", (640, 4), "JPEG")).picture.getpixel((0, 0)) == (255, 255, 255)
    broken = photograph(kind="PNG", icc_profile=b"no profile")
    assert opened(tmp_path, broken).picture.getpixel((0, 0)) == (0x8F, 0xB7, 0xD9)


def test_a_photograph_of_a_phones_largest_kind_is_never_held_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    real = pictures._eight_bits
    monkeypatch.setattr(pictures, "_eight_bits", lambda picture: held.append(picture.width) or real(picture))
    large = opened(tmp_path, made("L", (7000, 4000), "JPEG"))
    assert (large.width, large.height, large.picture.size) == (7000, 4000, (1600, 914))
    assert held == [3500]


@pytest.mark.parametrize("orientation", [*range(10), 4711])
def test_a_photograph_stands_upright_whatever_its_camera_wrote(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    found = opened(tmp_path, photograph(640, 480, exif=exif), 320)
    assert (found.width > found.height) == (orientation not in {5, 6, 7, 8})
    assert found.picture.size == ((320, 240) if found.width > found.height else (320, 427))


def test_kinds_are_told_by_how_files_begin() -> None:
    assert kinds.kind_of(photograph()) == "JPEG" and kinds.kind_of(b"") == "" and kinds.kind_of(b"words") == ""
    assert len({name for name, _ in kinds.KINDS}) == len(kinds.KINDS)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1080, 16383, ""),
        (1080, 16384, "too long"),
        (720, 16389, "too long"),
        (4000, 40957, ""),
        (4000, 41000, "too long"),
        (20000, 1200, ""),
        (1600, 4, ""),
        (400, 1, ""),
        (1601, 4, "too flat"),
    ],
)
def test_a_shape_passes_if_every_format_can_have_it(width: int, height: int, expected: str) -> None:
    try:
        pictures.check_shape("x.jpg", width, height)
        said = ""
    except pictures.UnfitPicture as unfit:
        said = unfit.what.en
    assert (expected in said) if expected else not said
