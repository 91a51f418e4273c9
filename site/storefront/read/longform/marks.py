"""Side notes, pull quotes and large numbers, as a writer types them in plain Markdown.

- `放山[^a]`, and on a line of its own `[^a]: 进山挖参`: a note that stands beside its paragraph.
- `> **整个儿请出来**`: a quote whose paragraphs are bold as a whole is a pull quote, in the text's own words
  (check/quotes.py holds it to them). Other quotes stay quotes.
- a paragraph that begins with a short bold number, `**60 瓶**`, and says on the next line of what: the number stands
  large.

All three stay readable where nothing is made of them.
"""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.footnotes import NBSP_PLACEHOLDER, FootnoteExtension
from markdown.treeprocessors import Treeprocessor

PULLED, LARGE, NOTE, REFERENCE = "pulled", "large", "sidenote", "notemark"
"""Classes of what is made here; no sheet and no check names them otherwise."""
NOTE_ID = re.compile(r"sidenote-\d+")
NUMBER = re.compile(r"\W{0,2}\d[^\n]{0,15}")
"""What stands large: 60 瓶, 8:00, ¥29.90, a third of a night."""
LINE = re.compile(r"[ \t]*\n")


def add_to(md: Markdown) -> None:
    """Have Markdown read the three marks."""
    notes = Notes()  # type: ignore[no-untyped-call]
    notes.extendMarkdown(md)  # type: ignore[no-untyped-call]
    md.treeprocessors.register(LongForm(md, notes), "storefront_longform", 3)  # after words are read, before names are


class Notes(FootnoteExtension):
    """Markdown's own footnotes, and the names of those that are written twice, of which it would drop the first."""

    def reset(self) -> None:
        """Begin with another text."""
        self.repeated: list[str] = []
        super().reset()

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802 - Markdown's name
        """Take a note."""
        if id in self.footnotes:
            self.repeated.append(f":{id}")
        super().setFootnote(id, text)


class LongForm(Treeprocessor):
    """Marks pull quotes and numbers, and moves each note to the paragraph that refers to it."""

    def __init__(self, md: Markdown, notes: Notes) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: Element) -> None:
        """Change the tree of a text."""
        beside(root, self.notes.repeated)
        for element in root.iter():
            if element.tag == "blockquote" and is_pulled(element):
                element.set("class", PULLED)
            elif element.tag == "p" and begins_with_number(element):
                element.set("class", LARGE)


def is_pulled(quote: Element) -> bool:
    """Return whether a quote is bold as a whole, in each of its paragraphs."""
    return len(quote) > 0 and all(part.tag == "p" and is_bold(part) for part in quote)


def is_bold(paragraph: Element) -> bool:
    """Return whether a paragraph is bold as a whole, with nothing within but words."""
    words = [*paragraph]
    return (
        [one.tag for one in words] == ["strong"]
        and not len(words[0])
        and not (paragraph.text or "").strip()
        and not (words[0].tail or "").strip()
    )


def begins_with_number(paragraph: Element) -> bool:
    """Return whether a paragraph begins with a bold number that has a line of its own."""
    first, *others = [*paragraph] or [Element("none")]
    ends = LINE.match(first.tail or "") or (not (first.tail or "").strip() and others and others[0].tag == "br")
    plain = first.tag == "strong" and not len(first) and not (paragraph.text or "").strip()
    return bool(plain and ends and NUMBER.fullmatch(first.text or ""))


def beside(root: Element, repeated: Iterable[str]) -> None:
    """Put each note behind the part of the text that first refers to it.

    A mark without its note, a note without its mark, and the name of notes that are `repeated` stay as they were typed:
    the check tells of them.
    """
    end = next((child for child in root if child.get("class") == "footnote"), None)
    if end is None:
        return
    root.remove(end)
    notes = {item.get("id", ""): item for item in end.iter("li")}
    for mark in [*marks(end)]:
        as_typed(mark)
    found: dict[str, int] = {}
    for place in [*root]:
        after = place
        for mark in [*marks(place)]:
            name = mark[0].get("href", "")[1:]
            if name in notes and name not in found:
                found[name] = len(found) + 1
                note = note_of(notes[name], found[name])
                root.insert([*root].index(after) + 1, note)
                after = note
            refer(mark, found[name])
    for name in [*repeated, *(name for name in notes if name not in found)]:
        SubElement(root, "p").text = f"[^{name.partition(':')[2]}]"


def marks(element: Element) -> Iterator[Element]:
    """Yield what refers to notes."""
    return (one for one in element.iter("sup") if len(one) and one[0].get("class") == "footnote-ref")


def as_typed(mark: Element) -> None:
    """Write a mark within a note as it was typed: notes have no notes."""
    mark.text, mark.tag = f"[^{mark[0].get('href', '').partition(':')[2]}]", "em"
    mark.remove(mark[0])
    mark.attrib.clear()


def refer(mark: Element, number: int) -> None:
    """Have a mark lead to its note."""
    mark.attrib.clear()
    mark[0].attrib = {"class": REFERENCE, "href": f"#{NOTE}-{number}"}
    mark[0].text = str(number)


def note_of(item: Element, number: int) -> Element:
    """Return a note with its number, without the link back that Markdown gives it."""
    for parent in [*item.iter()]:
        for child in [*parent]:
            if child.get("class") == "footnote-backref":
                parent.remove(child)
        for one in parent.iter():
            one.text = (one.text or "").replace(NBSP_PLACEHOLDER, "") or None
            one.tail = (one.tail or "").replace(NBSP_PLACEHOLDER, "") or None
    note = Element("aside", {"class": NOTE, "id": f"{NOTE}-{number}", "role": "note"})
    note.tail = "\n"
    note.extend([*item])
    if not len(note):
        SubElement(note, "p").text = item.text
    first = note[0]
    label = Element("b")
    label.text, label.tail, first.text = str(number), f" {first.text or ''}", None
    first.insert(0, label)
    return note
