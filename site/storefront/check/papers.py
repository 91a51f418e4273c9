"""The papers that ride with a food: without them it may not be sold, so production refuses it.

Its maker's licence or registration, the standard that it is made by, and the facts of its label (Food Safety Law,
articles 35, 36 and 67; GB 7718). What was harvested or dried needs neither licence nor standard.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from storefront.read.faults import fault
from storefront.read.forms import shown
from storefront.read.frontmatter import child, number_of, text_of
from storefront.read.records import SourceFile, SourceRecord

LICENCE = re.compile(r"SC(?!(\d)\1*\Z)\d{14}", re.ASCII)
"""A food producer's licence: SC and 14 digits, which are not all the same."""
WORKSHOP = re.compile(
    r"(?!SC|JY)[A-Z]{2,5}(?!(\d)\1*\Z)\d{8,18}"
    r"|(?=.*作坊)(?=(?:\D*\d){4})(?!.*([\d])\2{7})[\w()〔〕\[\] :-]{6,40}",
)
"""A small workshop's registration, which each province writes its own way: letters and digits, or a sign with 作坊."""
STANDARD = re.compile(
    r"(?:GB(?:/T)?|[A-Z]{2}/T|DBS?\d{2}(?:/T?)?|T/[A-Z]{2,10}|Q/[A-Z0-9]*[A-Z])"
    r"\s?(?!0+S?\b)\d{1,6}(?:\.\d{1,3})?S?(?:\s?[-–—]\s?\d{4})?",
    re.ASCII,
)
"""National (GB), trade (NY/T), local (DB, DBS), group (T/…) and enterprise (Q/…) standards; the year may be missing."""
LABEL = ("name", "made_of", "allergens", "storage", "shelf_life", "date_rule", "maker", "maker_address", "origin")
"""Fields of the label; the net weight is its packs'."""
NOT_YET = re.compile(
    r"示例|样例|待定|待补|待填|待办|暂无|暂缺|某某|某地|某村|[x?？]{3}"
    r"|\b(?:tbd|tba|todo|n/a|samples?|placeholder|lorem|not (?:a )?real)\b",
    re.IGNORECASE | re.ASCII,
)
"""Words that stand where a fact is to come."""
TIME = re.compile(r"[\d一二三四五六七八九十百半]|\b(?:one|two|three|four|six|half|twelve)\b", re.IGNORECASE)


def check(products: Iterable[SourceRecord]) -> None:
    """Report what papers foods lack, and whatever on a label is no fact yet."""
    for product in products:
        facts, food = product.facts, text_of(product.get("kind")) == "food"
        if food and facts.fields:
            number(facts, "licence", (LICENCE, WORKSHOP))
            number(facts, "standard", (STANDARD,))
            if not text_of(product.get("maker_address")):
                facts.report(facts.fields.line, *fault("paper_address"))
        for source in (facts, product.english):
            label(source)
        life = product.get("shelf_life")
        if life and text_of(life) and not TIME.search(str(text_of(life))) and not number_of(product.get("keeps_days")):
            facts.report(life.line, *fault("paper_shelf_life", words=shown(life)))


def number(source: SourceFile, name: str, forms: tuple[re.Pattern[str], ...]) -> None:
    """Report a number that is missing, or has none of its forms."""
    node = child(source.fields, name)
    written = normalize("NFKC", text_of(node) or "")
    if not written:
        source.report((node or source.fields).line if source.fields else 1, *fault(f"paper_{name}_missing"))
    elif node and not any(form.fullmatch(written) for form in forms):
        source.report(node.line, *fault(f"paper_{name}", words=shown(node)))


def label(source: SourceFile | None) -> None:
    """Report each fact of the label that is still to come."""
    for name in LABEL:
        node = child(source.fields, name) if source else None
        if source and node and (found := NOT_YET.search(text_of(node) or "")):
            source.report(node.line, *fault("paper_not_yet", field=name, words=shown(found[0])))
