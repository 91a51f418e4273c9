"""A pull quote says what its text says: its words stand in one paragraph, in this order, with nothing between them."""

import re
from collections import Counter
from unicodedata import normalize

from storefront.check.markup import Finding, placed
from storefront.read.faults import fault
from storefront.read.forms import shown
from storefront.read.records import SourceFile
from storefront.read.texts import read

EDGE = " \t\n.,;:!?…—-–\"'“”‘’「」『』。，、；：！？（）()"
"""What a quote may leave out, or add, at its ends."""
ALIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "—": "-", "–": "-"})
GAP = re.compile(r"\s+")


def check(source: SourceFile) -> None:
    """Report each pull quote of a text whose words do not stand in it."""
    if "**" not in source.body and "__" not in source.body:
        return
    before = source.text.count("\n") - source.body.count("\n")
    for line, kind, words in placed(source.body, strange):
        source.report(before + line, *fault(kind, words=shown(words)))


def strange(text: str) -> Counter[Finding]:
    """Return the pull quotes of a text that it does not say."""
    tree = read(text)
    said = [bare(paragraph) for paragraph in tree.paragraphs]
    quotes = [quote for quote in tree.pulled if not any(bare(quote) in paragraph for paragraph in said)]
    return Counter(Finding("quote_strange", quote.strip()) for quote in quotes)


def bare(words: str) -> str:
    """Return words as they are compared: without blanks in Chinese, capitals, kinds of quotation marks, and ends."""
    plain = GAP.sub(" ", normalize("NFC", words)).translate(ALIKE).casefold()
    plain = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", plain)
    return plain.strip(EDGE)
