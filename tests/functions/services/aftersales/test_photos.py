"""Photographs that were sent: what is kept of them, whose they are, and what becomes of all else."""

import base64
import io
import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.keys import Keys
from chalicelib.services.aftersales.photos import Photos
from chalicelib.storage.uploads import UploadStore
from PIL import Image

from tests.functions.helpers.pictures import PLACE, as_phones_make_it, cleanable, hostile, photo
from tests.functions.helpers.world import NOON, SECRET, World

MakeWorld = Callable[..., World]


def kept(world: World) -> list[str]:
    return [*world.uploads.keys("kept/")]


def test_a_form_is_good_for_one_name_one_type_one_size_and_ten_minutes(make_world: MakeWorld) -> None:
    [first, second] = make_world().services.photos.ask("claim", "1", 2, NOON)
    policy = json.loads(base64.b64decode(first.fields["policy"]))
    assert policy["expiration"] == "2026-11-24T04:10:00Z"
    [key] = [one["key"] for one in policy["conditions"] if "key" in one]
    assert key == first.fields["key"] and key.startswith("raw/claim/") and key != second.fields["key"]
    for condition in ({"bucket": "photos"}, {"Content-Type": "image/jpeg"}, ["content-length-range", 1, 1_500_000]):
        assert condition in policy["conditions"]
    assert first.url == "http://shop/uploads/"
    covered = {name for one in policy["conditions"] if isinstance(one, dict) for name in one}
    assert {*first.fields} - {"policy", "x-amz-signature"} <= covered, "no field is left open"


def test_what_was_sent_is_kept_without_metadata_and_shown_by_an_address_that_ends(make_world: MakeWorld) -> None:
    world = make_world()
    photos = world.services.photos
    [form] = photos.ask("claim", "1", 1, NOON)
    world.send_photo(form.fields, as_phones_make_it())
    [name] = photos.accept("claim", "1", [form.name])
    data = photos.read(name)
    assert data and PLACE not in data and b"Exif" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((64, 48), {})
    assert not [*world.uploads.keys("raw/")], "what was sent is deleted"
    about = world.bucket.head_object(Bucket="photos", Key=f"kept/{name}")
    assert (about["ContentType"], about["ContentDisposition"][:10]) == ("image/jpeg", "attachment")
    address = urlsplit(photos.show(name))
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"http://shop/uploads/kept/{name}"
    assert (query["response-content-type"], query["X-Amz-Expires"]) == (["image/jpeg"], ["600"])
    assert query["response-content-disposition"][0].startswith("attachment")


def test_no_hostile_file_is_kept_and_nobody_but_its_owner_has_a_photograph(make_world: MakeWorld) -> None:
    world = make_world()
    photos = world.services.photos
    files = [data for _, data in hostile()]
    forms = photos.ask("claim", "1", len(files), NOON)
    for form, data in zip(forms, files, strict=True):
        world.send_photo(form.fields, data)
    with pytest.raises(Invalid) as refused:
        photos.accept("claim", "1", [form.name for form in forms])
    assert [fault.pointer for fault in refused.value.faults] == [f"/photos/{index}" for index in range(len(files))]
    assert not kept(world) and not [*world.uploads.keys("raw/")]
    [form] = photos.ask("claim", "1", 1, NOON)
    world.send_photo(form.fields, photo())
    for purpose, owner, name in (
        ("claim", "2", form.name),
        ("review", "1", form.name),
        ("claim", "1", form.name[:32]),
        ("claim", "1", "../" + form.name[3:]),
        ("claim", "1", ""),
        ("claim", "1", form.name + "0"),
        ("claim", "1", photos.ask("claim", "1", 1, NOON)[0].name),
    ):
        with pytest.raises(Invalid):
            photos.accept(purpose, owner, [name])  # type: ignore[arg-type]
    assert not kept(world)


def test_what_is_kept_is_accepted_again_never_written_again_and_forgotten_with_its_owner(make_world: MakeWorld) -> None:
    world = make_world()
    photos = world.services.photos
    ours, theirs = photos.ask("claim", "1", 3, NOON), photos.ask("claim", "2", 1, NOON)
    for form, (_, data) in zip(ours + theirs, cleanable(), strict=False):
        world.send_photo(form.fields, data)
    names = photos.accept("claim", "1", [one.name for one in ours])
    first = photos.read(names[0])
    world.send_photo(ours[0].fields, photo((9, 9)))  # the form is good for ten minutes, also twice
    rotated = Photos(world.uploads, Keys("t" * 40, old=(SECRET,)))
    assert photos.accept("claim", "1", [one.name for one in ours]) == names
    assert rotated.accept("claim", "1", [one.name for one in ours]) == names, "also after the secret was changed"
    assert photos.read(names[0]) == first
    [other] = photos.accept("claim", "2", [theirs[0].name])
    assert rotated.forget("claim", "1") == 3
    assert (photos.read(names[0]), kept(world)) == (None, [f"kept/{other}"])


def test_a_shop_without_a_bucket_takes_no_photographs() -> None:
    photos = Photos(UploadStore("", ""), Keys(SECRET))
    with pytest.raises(NotFound):
        photos.ask("claim", "1", 1, NOON + timedelta(days=1))
    assert photos.forget("claim", "1") == 0
