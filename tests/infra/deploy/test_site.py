"""How the site comes into its bucket."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from cunbo.deploy.site import cache_control, may_go
from cunbo.deploy.site_bucket import SiteBucket, upload
from moto import mock_aws

BUCKET, OWNER = "site", "123456789012"
ASSET = "assets/0123456789ab/shop.css"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        client.create_bucket(Bucket=BUCKET)
        yield client


def make_site(folder: Path, **files: str) -> Path:
    """A site of these files, by their path with __ for a slash."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def bucket(s3: Any) -> SiteBucket:
    return SiteBucket(s3, BUCKET, OWNER)


def keys(s3: Any) -> set[str]:
    return {entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())}


def test_a_page_is_found_at_its_folder_too_with_its_slash_and_without(s3: Any, tmp_path: Path) -> None:
    site = make_site(tmp_path, **{"index.html": "home", "en__index.html": "home", "products__x__index.html": "x"})
    upload(site, bucket(s3))
    x = {"products/x/index.html", "products/x/", "products/x"}
    assert keys(s3) == {"index.html", "en/index.html", "en/", "en", *x}
    for key in x:
        found = s3.get_object(Bucket=BUCKET, Key=key)
        assert (found["Body"].read(), found["ContentType"]) == (b"x", "text/html; charset=utf-8")
        assert found["CacheControl"] == "public, max-age=60"


def test_what_stands_in_for_a_short_link_is_found_at_the_link_in_small_letters_and_in_capitals(
    s3: Any, tmp_path: Path
) -> None:
    upload(
        make_site(tmp_path, **{"links__q__cabbage-1__index.html": "a", "links__q__cabbage-1__jar__index.html": "b"}),
        bucket(s3),
    )
    assert keys(s3) == {
        f"links/{link}" for link in ("q/cabbage-1", "Q/CABBAGE-1", "q/cabbage-1/jar", "Q/CABBAGE-1/JAR")
    }
    found = s3.get_object(Bucket=BUCKET, Key="links/Q/CABBAGE-1/JAR")
    assert (found["Body"].read(), found["ContentType"]) == (b"b", "text/html; charset=utf-8")
    assert found["CacheControl"] == "public, max-age=60"


def test_only_what_changed_is_uploaded(s3: Any, tmp_path: Path) -> None:
    site = make_site(tmp_path, **{"index.html": "1", "catalog.json": "{}"})
    assert [upload(site, bucket(s3)), upload(site, bucket(s3))] == [2, 0]
    assert upload(make_site(tmp_path, **{"index.html": "2"}), bucket(s3)) == 1
    assert s3.get_object(Bucket=BUCKET, Key="index.html")["Body"].read() == b"2"


def test_what_is_gone_is_deleted_but_assets_that_open_pages_name_stay_a_week(s3: Any, tmp_path: Path) -> None:
    upload(make_site(tmp_path / "old", **{"a__index.html": "a", ASSET.replace("/", "__"): "a{}"}), bucket(s3))
    upload(make_site(tmp_path / "new", **{"index.html": "b"}), bucket(s3))
    assert keys(s3) == {"index.html", ASSET}
    assert not may_go(ASSET, timedelta(days=6))
    assert may_go(ASSET, timedelta(days=8))


def test_the_file_by_which_wechat_sees_whose_the_domain_is_stays_where_it_was_laid(s3: Any, tmp_path: Path) -> None:
    for key in ("MP_verify_abcdefgh12345678.txt", "notes.txt", "old/MP_verify_abcdefgh12345678.txt"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"abcdefgh12345678")
    upload(make_site(tmp_path, **{"index.html": "a"}), bucket(s3))
    assert keys(s3) == {"index.html", "MP_verify_abcdefgh12345678.txt"}


def test_a_video_and_its_captions_are_what_they_say(s3: Any, tmp_path: Path) -> None:
    upload(make_site(tmp_path, **{"videos__x.mp4": "clip", "videos__x-zh.vtt": "WEBVTT"}), bucket(s3))
    kinds = [s3.head_object(Bucket=BUCKET, Key=key)["ContentType"] for key in ("videos/x.mp4", "videos/x-zh.vtt")]
    assert kinds == ["video/mp4", "text/vtt; charset=utf-8"]


def test_a_calendar_file_is_one_that_calendars_take(s3: Any, tmp_path: Path) -> None:
    upload(make_site(tmp_path, **{"channel__calendar.ics": "BEGIN:VCALENDAR"}), bucket(s3))
    assert s3.head_object(Bucket=BUCKET, Key="channel/calendar.ics")["ContentType"] == "text/calendar; charset=utf-8"


def test_what_says_where_to_report_a_weakness_is_plain_text_at_its_fixed_address(s3: Any, tmp_path: Path) -> None:
    upload(make_site(tmp_path, **{".well-known__security.txt": "Contact: mailto:shop@example.com"}), bucket(s3))
    found = s3.head_object(Bucket=BUCKET, Key=".well-known/security.txt")
    assert found["ContentType"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (ASSET, "public, max-age=31536000, immutable"),
        ("index.html", "public, max-age=60"),
        ("products/x/", "public, max-age=60"),
        ("catalog.json", "public, max-age=60"),
        ("channel/calendar.ics", "public, max-age=60"),
        ("en/channel/feed.xml", "public, max-age=60"),
        ("packs.json", "public, max-age=60"),
        ("products/x.svg", "public, max-age=86400"),
        ("assets/plain.css", "public, max-age=86400"),
    ],
)
def test_how_long_each_kind_is_kept(key: str, said: str) -> None:
    assert cache_control(key) == said
