"""What of the content folder is published: what records name, whatever it is called, and of that only what is seen."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyexiv2
import pytest
import yaml
from PIL import Image, ImageCms, PngImagePlugin
from storefront.read.addresses import address_of

from tests.site.helpers.built import ORIGIN, Html, every_page, house, mkdocs
from tests.site.helpers.samples import photograph

IDLE: dict[str, Any] = yaml.load((Path(__file__).parents[1] / "check/hostile.yml").read_text(), yaml.CSafeLoader)[
    "idle"
]
ODD = "坛 #1+(2)[3]%, 新?.jpg"
CLIP = "上山 #1+?.mp4"
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}
SECRET = "secret place"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:format='{SECRET}'/></rdf:RDF></x:xmpmeta>"
DRAWING = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'><!-- {SECRET} --><metadata>{SECRET}</metadata>\
<rect width='4' height='3' fill='#c00'/></svg>"


def told(kind: str) -> bytes:
    """A photograph with all that can be said beside it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x927C] = SECRET, SECRET.encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 7.0, 30.0), 3: "E", 4: (126.0, 11.0, 0.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", SECRET)
        words.add_itxt("XML:com.adobe.xmp", XMP)
        return photograph(800, 600, kind, exif=exif, icc_profile=profile, pnginfo=words)
    more = {"comment": SECRET} if kind == "JPEG" else {}
    return photograph(800, 600, kind, exif=exif, icc_profile=profile, xmp=XMP.encode(), **more)


def of_two() -> bytes:
    """A photograph with a second one behind it, as phones make them."""
    data = BytesIO()
    first, second = (Image.open(BytesIO(told("JPEG"))) for _ in range(2))
    first.save(data, "MPO", save_all=True, append_images=[second], exif=first.getexif())
    return data.getvalue()


def beside(path: Path) -> dict[str, Any]:
    """What a picture says beside the picture, as Exiv2 reads it."""
    with pyexiv2.Image(str(path)) as opened:
        said = {"exif": opened.read_exif(), "iptc": opened.read_iptc(), "xmp": opened.read_xmp()}
        said |= {"profile": opened.read_icc(), "comment": opened.read_comment()}
    return {name: value for name, value in said.items() if value}


def as_file(folder: Path, path: Path) -> Path:
    """The same bytes under a name that every program takes."""
    plain = folder / f"picture{path.suffix}"
    plain.write_bytes(path.read_bytes())
    return plain


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a house whose files have odd names and much to say, with strays beside them."""
    root = house(tmp_path_factory.mktemp("odd"))
    content = root / "content"
    own = {
        f"stories/{ODD}": told("JPEG"),
        "stories/t.png": told("PNG"),
        "stories/t.webp": told("WEBP"),
        "stories/two.jpg": of_two(),
        "stories/drawn.svg": DRAWING.encode(),
        "stories/unused.jpg": told("JPEG"),
    }
    for name, data in own.items() | {name: str(text).encode() for name, text in IDLE.items()}.items():
        path = content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    story = content / "stories/corn-to-noodle.md"
    shown = "".join(f"\n![坛]({name})\n" for name in (address_of(ODD), "t.png", "t.webp", "two.jpg", "drawn.svg"))
    story.write_text(story.read_text().replace("src: noodle-light.svg", f"src: '{ODD}'") + shown)
    film = content / "videos/up-the-mountain.md"
    film.write_text(film.read_text().replace("clip: up-the-mountain.mp4", f"clip: '{CLIP}'"))
    people = content / "people.yml"
    people.write_text(people.read_text().replace("videos/up-the-mountain.mp4", f"'videos/{CLIP}'"))
    for name in ("up-the-mountain.mp4", "up-the-mountain-small.mp4"):
        (content / "videos" / name).rename(content / "videos" / name.replace("up-the-mountain", CLIP[:-4]))
    people = content / "people.yml"
    people.write_text(people.read_text().replace("file: videos/up-the-mountain.mp4", f"file: 'videos/{CLIP}'"))
    done = mkdocs(root)
    assert done.returncode == 0, done.stderr
    return root / "build" / "site"


def published(site: Path) -> Iterator[Path]:
    return (path for path in site.rglob("*") if path.is_file())


def test_the_reader_finds_what_cameras_and_programs_write(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        path = tmp_path / f"x.{kind.lower()}"
        path.write_bytes(told(kind))
        assert {"exif", "xmp", "profile"} <= set(beside(path))
        assert any("GPSLatitude" in name for name in beside(path)["exif"])


@pytest.mark.parametrize("which", ["site", "odd"])
def test_no_picture_of_the_site_says_anything_beside_the_picture(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = [path for path in published(request.getfixturevalue(which)) if path.suffix.lower() in PICTURES]
    assert {path.suffix for path in found} >= {".jpg", ".jpeg", ".webp", ".avif", ".png"}
    assert {path.name: said for path in found if (said := beside(as_file(tmp_path, path)))} == {}


def test_nothing_is_published_that_no_record_names(odd: Path) -> None:
    names = {path.relative_to(odd).as_posix() for path in published(odd)}
    assert not names & (IDLE.keys() - {"robots.txt", "catalog.json"}) and "stories/unused.jpg" not in names
    assert not [path for path in published(odd) if SECRET.encode() in path.read_bytes()]
    assert {f"stories/{ODD}", f"videos/{CLIP}", "stories/drawn.svg"} <= names


def test_what_a_record_names_is_found_whatever_it_is_called(odd: Path) -> None:
    addresses = {
        address for at in ("/stories/corn-to-noodle/", "/videos/up-the-mountain/") for address in asked(odd, at)
    }
    assert {address_of(f"/stories/{ODD}"), address_of(f"/videos/{CLIP}")} <= addresses
    gone = [one for one in addresses if not (odd / unquote(urlsplit(one).path).lstrip("/")).is_file()]
    assert gone == []


def asked(site: Path, at: str) -> Iterator[str]:
    """The addresses of pictures and films that a page asks for, or tells machines of."""
    page = Html((site / at.lstrip("/") / "index.html").read_text())
    for tag, own in page.elements:
        if tag in {"img", "source", "video", "track"}:
            yield from (str(own[name]) for name in ("src", "poster") if own.get(name))
            yield from (one.split()[0] for one in str(own.get("srcset") or "").split(",") if one)
    for own, text in page.inline:
        for node in json.loads(text)["@graph"] if own.get("type") == "application/ld+json" else ():
            for name in ("image", "contentUrl", "thumbnailUrl"):
                if name in node:
                    yield urljoin("/", str(node[name]).removeprefix(ORIGIN))


def test_every_page_of_it_is_one_that_a_record_has(odd: Path, site: Path) -> None:
    assert every_page(odd) == every_page(site)
