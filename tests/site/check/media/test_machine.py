"""What a machine has made says so by its name, in its file, and in its record where the file says it."""

from pathlib import Path
from typing import Any

import av
import pytest
from storefront.build.media.films import rewrite
from storefront.check import content
from storefront.check.media import machine
from storefront.read.media import films

from tests.site.helpers.samples import GOOD, GOOD_VIDEO, VIDEO, write


def with_machine(said: str) -> dict[str, Any]:
    return GOOD | GOOD_VIDEO | {"videos/jar.md": VIDEO.replace("products:", f"machine: {said}\nproducts:", 1)}


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("[picture]", "（AI 生成画面）", " (pictures made by AI)"),
        ("[voice]", "（AI 合成声音）", " (voice made by AI)"),
        ("[picture, voice]", "（AI 生成画面和声音）", " (pictures and voice made by AI)"),
    ],
)
def test_the_title_and_the_posters_words_say_what_a_machine_has_made(
    said: str, zh: str, en: str, tmp_path: Path
) -> None:
    found = content.look(write(tmp_path, with_machine(said)))
    assert found.catalog, found.faults
    (video,) = found.catalog.videos
    for text in (video.title, video.picture.alt):
        assert (text.zh.endswith(zh), text.en.endswith(en)) == (True, True)
    assert machine.tags(video, "合作社") == {"AIGC": '{"Label":"1","ContentProducer":"合作社","ProduceID":"jar"}'}


def test_what_people_have_made_has_no_mark_and_no_tag(tmp_path: Path) -> None:
    found = content.look(write(tmp_path, GOOD | GOOD_VIDEO))
    assert found.catalog and "AI" not in found.catalog.videos[0].title.en
    assert machine.tags(found.catalog.videos[0], "合作社") == {}


def test_a_film_whose_file_says_that_a_machine_made_it_is_not_published_without_the_mark(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD | GOOD_VIDEO)
    clip, tagged = folder / "videos/jar.mp4", tmp_path / "tagged.mp4"
    rewrite(clip, tagged, {"AIGC": "{}"})
    with av.open(str(tagged)) as film:
        assert film.metadata["AIGC"] == "{}"
    assert films.tags_of(clip) >= set() and "AIGC" not in films.tags_of(clip)
    tagged.replace(clip)
    (fault,) = content.look(folder).faults
    assert (fault.file, fault.line) == ("content/videos/jar.md", 6)
    assert "AI made it" in fault.what.en
    assert content.look(write(tmp_path, with_machine("[picture]") | {"videos/jar.mp4": clip.read_bytes()})).faults == ()
