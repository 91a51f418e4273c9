"""How words of strangers are read: what is refused at once, what is flagged, and what real people write and keep."""

import unicodedata

import pytest
from chalicelib.domain.voices.wording import (
    COMMENT_LENGTH,
    MOST_MARKS,
    REVIEW_LENGTH,
    digest,
    read,
    read_name,
    tidied,
)
from hypothesis import given, settings
from hypothesis import strategies as st

FINE = [
    "酸甜爽脆，孩子配粥能吃半坛。",
    "Crisp and not too salty. We finished it in three days!",
    "用微信支付很方便，第二天就到了",
    "2026 年 11 月 27 日那批，开坛就闻到香味，500 克一坛正好",
    "我妈说跟三十年前一个味儿😋😋",
    "好吃👨‍👩‍👧‍👦❤️ 全家都爱",
    "김치가 정말 맛있어요, 감사합니다",
    "Ngon lắm, giống như ở nhà mẹ tôi làm",
    "キムチはとても美味しかったです",
    "ถูกใจมาก อร่อยมาก ๆ ครับ",
    "It arrived at 12:30, about 3.5 kg in all, for ¥29.90 each.",
    "第一次买，包装很好。下次 4 坛起买",
    "𠮷野家的人也说好吃，真的不骗你",
    "老公吃了三碗饭；他说：“再来一坛！”",
]
"""What is kept as it is, and of which a moderator is told nothing."""

WRONG = {
    "too short": "好吃",
    "blanks are no words": "好吃          ",
    "too long": "香" * 501,
    "no letters": "1234567 !!! 890 ...",
    "only emoji": "😋" * 20,
    "an emoji wall": "好吃好吃好吃" + "🌶️" * 40,
    "zalgo": "h̵̢̧̛͉̟e̷̡̛̜̮l̸̨̛̦̝l̴̛̦̝̈́͝ö̷̧̝́͝ it is nice here",
    "marks on Han": "好\u0300\u0301\u0302\u0303吃的不得了真的很好吃",
    "a private sign": "好吃得很\ue000真的很好吃呀",
    "a control": "好吃得很\x07真的很好吃呀呀",
    "a link": "来看 https://example.com/x 有好东西",
    "a wide link": "来看 ｈｔｔｐｓ：／／example.com 有好东西",
    "a bare domain": "来看 shop-cheap.com 有好东西啊",
    "a domain in words": "来看 shopcheap点com 有好东西啊",
    "a mathematical domain": "来看 𝐬𝐡𝐨𝐩.𝐜𝐨𝐦 有好东西啊啊",
    "www": "打开 WWW.某某.cn 有好东西哦哦",
    "a shop's token": "复制 ￥aB3dE6gH9k￥ 打开就能买",
    "a mobile number": "找我拿货 13800138000 真的便宜",
    "one with dots": "找我拿货 138.0013.8000 真的便宜",
    "one in wide digits": "找我拿货 １３８００１３８０００ 真的",
    "one in circled digits": "找我拿货 ①③⑧⓪⓪①③⑧⓪⓪⓪ 真的",
    "one in keycaps": "找我 1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣ 真的真的",
    "one in Arabic digits": "找我拿货 ١٣٨٠٠١٣٨٠٠٠ 真的便宜",
    "one with hidden signs": "找我拿货 138\u200b0013\u20608000 真的便宜",
    "a landline": "打电话 0435-6212345 找老王拿货",
    "an e-mail address": "写信到 someone@example.com 就行了",
    "one around the rule": "写信到 someone(at)example.com 就行",
    "a WeChat id": "加微信 cabbage_123 便宜一半呢",
    "one as VX": "VX: laowang88 有更便宜的货",
    "one as 薇": "薇：laowang_88 有更便宜的货呢",
    "one with a blank": "微 信 号：laowangabc 有更便宜的",
    "one with a hidden sign": "微\u200d信 laowang88 有更便宜的货",
    "a QQ number": "QQ 12345678 有更便宜的货哦哦",
    "an identity card": "他的证号 220582199001011234 你查",
}

FLAGGED = {
    "contact": [
        "加我好友，便宜给你，真的",
        "有需要的私信我一起拿货吧",
        "薇❤️同号，有意的来呀呀呀",
        "一三八零零一三八零零零找我拿",
    ],
    "letters": ["Вuy this сabbage, it is nice", "раypal 这样的写法不是真的吧", "Τhis οne is Greek in parts"],
    "hidden": ["好\u202e吃的不得了呀真的好吃", "好\u200b吃的不得了呀真的好吃", "\u2066好吃的不得了呀真的呀\u2069"],
    "claim": ["吃了一个月，降血压，真的有效", "It cures cancer, my aunt said so", "排 毒 养 颜，吃了就知道的"],
    "insult": ["你们就是一群傻.逼，难吃死了", "What a f\u200buck up, never again", "狗屁东西，难吃得不得了呀"],
    "advertising": ["长期代购，低价批发，欢迎来问", "Use my discount code to buy it"],
    "noise": ["哈哈哈哈哈哈哈哈哈哈哈哈哈", "！！！！！！！！！！！！好吃的真的很好吃"],
}


@pytest.mark.parametrize("words", FINE)
def test_what_people_write_is_kept_and_flagged_by_nobody(words: str) -> None:
    found = read(words, REVIEW_LENGTH)
    assert (found.wrong, found.flags) == ("", ())
    assert found.text == unicodedata.normalize("NFC", words.replace("\u200d", ""))


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_what_its_sender_can_mend_is_refused_at_once(words: str) -> None:
    assert read(words, REVIEW_LENGTH).wrong


@pytest.mark.parametrize(("flag", "words"), [(flag, one) for flag, each in FLAGGED.items() for one in each])
def test_what_a_person_must_weigh_is_flagged(flag: str, words: str) -> None:
    found = read(words, REVIEW_LENGTH)
    assert found.wrong == ""
    assert flag in found.flags


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("老王", True),
        ("Anna", True),
        ("금희", True),
        ("村播小铺官方", False),
        ("官 方 客 服", False),
        ("Ｃｕｎｂｏ", False),
        ("Example Shop", False),
        ("e\u200bxample s\u200bhop", False),
        ("", False),
        ("😋", False),
        ("一" * 21, False),
        ("加V laowang88", False),
    ],
)
def test_a_name_is_ones_own_and_nobody_speaks_as_the_shop(name: str, fine: bool) -> None:
    assert (read_name(name, ("Example Shop",)).wrong == "") is fine


def test_lines_stay_with_one_empty_one_between_at_most_and_a_name_has_one() -> None:
    assert tidied(" 一\r\n\r\n\r\n\u2028二\t三 \n") == "一\n\n二 三"
    assert tidied("一\n二", lines=False) == "一 二"


def test_the_same_words_are_one_voice_however_they_are_dressed() -> None:
    dressed = ["好吃得很 nice", "好 吃 得 很！！ＮＩＣＥ😋", "好\u200b吃得很，Ｎice…", "好吃得很\nnicé"]
    assert len({digest(words) for words in dressed}) == 1
    assert digest("好吃得很") != digest("好吃极了")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_typed_comes_out_as_text_that_can_be_seen_and_comes_out_so_again(words: str) -> None:
    found = read(words, COMMENT_LENGTH)
    if found.wrong:
        return
    assert not [char for char in found.text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and char != "\n"]
    assert read(found.text, COMMENT_LENGTH).text == found.text
    run = 0
    for char in found.text.replace("\ufe0f", ""):
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        assert run <= MOST_MARKS
