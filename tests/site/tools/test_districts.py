"""The script that refreshes the table of districts."""

import json
from pathlib import Path

import pytest
from storefront.tools import districts

SCRIPT = r"""const areaList = {
    province_list: {
        110000: "\u5317\u4EAC\u5E02",
        220000: "\u5409\u6797\u7701"
    },
    city_list: {
        110100: "\u5317\u4EAC\u5E02",
        220500: "\u901A\u5316\u5E02",
        222400: "X"
    },
    county_list: {
        110105: "\u671D\u9633\u533A",
        220582: "\u96C6\u5B89\u5E02"
    }
};
"""


def package(folder: Path, script: str) -> Path:
    (folder / "dist").mkdir()
    (folder / "dist/index.js").write_text(script)
    (folder / "package.json").write_text(json.dumps({"name": "@x/area", "version": "1.2.3", "license": "MIT"}))
    return folder


def test_districts_lie_under_their_city_and_cities_under_their_province(tmp_path: Path) -> None:
    assert districts.read(package(tmp_path, SCRIPT)) == {
        "source": "@x/area 1.2.3 (MIT)",
        "provinces": {"北京市": {"北京市": ["朝阳区"]}, "吉林省": {"通化市": ["集安市"], "X": []}},
    }


def test_places_that_are_gone_are_left_out_whatever_the_release_says() -> None:
    table = {
        "福建省": {"三明市": ["梅列区", "三元区"]},
        "台湾省": {"桃园市": ["中坜区", "中坜市"]},
        "X": {"Y": ["A市", "A县"]},
    }
    assert districts.without_gone(table) == {
        "福建省": {"三明市": ["三元区"]},
        "台湾省": {"桃园市": ["中坜区"]},
        "X": {"Y": ["A市", "A县"]},
    }


def test_what_a_release_has_no_more_and_nothing_leads_on_is_named() -> None:
    before = {"福建省": {"三明市": ["梅列区", "三元区", "没有区"]}, "江苏省": {"苏州市": ["吴江市"]}}
    assert districts.led_nowhere(before) == ["福建省 三明市 没有区"]


def test_a_release_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="county_list"):
        districts.read(package(tmp_path, SCRIPT.replace("county_list", "areas")))
