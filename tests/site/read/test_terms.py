"""By what other names a page is found: terms that mean the same, and how its Chinese sounds."""

import pytest
from storefront.build.data import search_index


@pytest.mark.parametrize(
    ("names", "found", "absent"),
    [
        (["发货与运费", "Delivery and postage"], ["包邮", "快递", "shipping", "free shipping"], ["退款", "gift"]),
        (["取消、退换与坏损"], ["退款", "refund", "cancel order", "坏了"], ["shipping"]),
        (["Livestock"], [], ["直播", "livestream"]),
        (["两家工坊", "Two workshops"], [], ["运费", "refund"]),
    ],
)
def test_a_page_is_found_by_each_term_that_means_what_its_names_say(
    names: list[str], found: list[str], absent: list[str]
) -> None:
    also = search_index.other_names(names)
    assert also[: len(names)] == names
    assert [term for term in found if term not in also] == []
    assert [term for term in absent if term in also] == []


@pytest.mark.parametrize(
    ("names", "sounds"),
    [
        (["辣白菜", "泡菜 kimchi"], "la bai cai,pao cai"),
        (["鲜人参", "挖参", "参加"], "xian ren shen,wa shen,can jia"),
        (["银行", "步行"], "yin hang,bu xing"),
        (["OBS", ""], ""),
    ],
)
def test_chinese_names_are_spelt_as_they_sound_in_their_word(names: list[str], sounds: str) -> None:
    assert search_index.sounds(names) == sounds


def test_every_common_character_has_one_sound() -> None:
    sounding = search_index.characters()
    assert sum(map(len, sounding.values())) == len(set("".join(sounding.values()))) == 3755
    assert "木" in sounding["mu"] and "参" in sounding["shen"]
