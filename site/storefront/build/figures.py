"""Pictures in a text, as a page shows them: each leads to itself, so that a tap can fill the screen with it.

One that stands alone has its title as a caption; several in one paragraph stand in rows, each as wide as its shape
asks for. Where each of them has a title, and no row more than two, it stands below its picture; else all titles stand
below the last row. The rows need no number in a stylesheet, and none in an attribute that a page's policy forbids. Each
picture says a width and a height that are its shape at the height of ROW, which is more than any page has room for. A
row takes from all of them in proportion to their widths, so that they end up equally high.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from xml.etree.ElementTree import Element, SubElement

ROW = 2000
"""Pixels that each picture of a row says it is high."""
WIDE = 2.4
"""How many times as wide as it is high a row should be."""
MOST = 4
"""Pictures in a row: on a phone each of them is still as wide as a thumb."""
MANY = 3
"""Pictures in a row, from which on a phone leaves no room for words below each."""
ROOM = 680
"""Pixels that a text is wide on a large screen."""
PICTURES = ("img", "picture")
LED = ("a", "h1", "h2", "h3", "h4", "h5", "h6")
"""Where a picture does not lead to itself: it leads elsewhere already, or is part of a heading."""


def arrange(root: Element) -> None:
    """Arrange the pictures of a text: those of a paragraph without words as a figure, and all others as links."""
    for parent in [*root.iter()]:
        for place, child in enumerate([*parent]):
            if child.tag == "p" and is_of_pictures(child) and (figure := figure_of([*pictures_of(child)])) is not None:
                figure.tail = child.tail
                parent[place] = figure
    link(root)


def is_of_pictures(paragraph: Element) -> bool:
    """Return whether a paragraph holds pictures, and no words."""
    said = [paragraph.text, *(child.tail for child in paragraph)]
    others = [child for child in paragraph if not is_picture(child)]
    return (
        len(others) < len(paragraph)
        and all(child.tag == "br" for child in others)
        and not any(text and text.strip() for text in said)
    )


def is_picture(element: Element) -> bool:
    """Return whether an element is a picture of which the page knows how large it is: one that is published."""
    return element.tag in PICTURES and "width" in img_of(element).attrib


def pictures_of(paragraph: Element) -> Iterator[Element]:
    """Yield its pictures, without what stands between them."""
    for child in paragraph:
        if is_picture(child):
            child.tail = None
            yield child


def figure_of(pictures: Sequence[Element]) -> Element | None:
    """Return pictures as a figure with their titles as its caption; None for one that has no title."""
    titles = [title for picture in pictures if (title := img_of(picture).get("title", ""))]
    if len(pictures) == 1 and not titles:
        return None
    figure = Element("figure")
    if len(pictures) == 1:
        figure.append(pictures[0])
    else:
        figure.set("class", "strip")
        counts = rows(tuple(shape(img_of(picture)) for picture in pictures))
        begin, paired = 0, max(counts) < MANY and len(titles) == len(pictures)
        for count in counts:
            row = SubElement(figure, "div")
            fill(row, pictures[begin : begin + count])
            begin += count
            if paired:
                caption_each(row)
        titles = [] if paired else titles
    if titles:
        caption = SubElement(figure, "figcaption")
        for title in titles:
            SubElement(caption, "span").text = title
    return figure


def caption_each(row: Element) -> None:
    """Make each picture of a row a figure with its own title below it."""
    for place, picture in enumerate([*row]):
        row[place] = figure = Element("figure")
        figure.append(picture)
        SubElement(figure, "figcaption").text = img_of(picture).get("title")


def fill(row: Element, pictures: Sequence[Element]) -> None:
    """Put pictures into a row, and say how wide each is shown."""
    whole = sum(shape(img_of(picture)) for picture in pictures)
    for picture in pictures:
        img = img_of(picture)
        wide = shape(img)
        img.attrib |= {"width": str(max(1, round(wide * ROW))), "height": str(ROW)}
        share = wide / whole
        for source in picture.iter("source"):
            source.set("sizes", f"(min-width: 720px) {math.ceil(ROOM * share)}px, {math.ceil(100 * share)}vw")
        row.append(picture)


@cache
def rows(shapes: tuple[float, ...]) -> tuple[int, ...]:
    """Return how many pictures stand in each row, in their order; `shapes` are their widths by their heights.

    Of all ways to part them it is the one whose rows come closest to WIDE.
    """
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for end in range(1, len(shapes) + 1):
        ways = []
        for count in range(1, min(MOST, end) + 1):
            lost, before = best[end - count]
            ways.append((lost + math.log(sum(shapes[end - count : end]) / WIDE) ** 2, (*before, count)))
        best.append(min(ways))
    return best[-1][1]


def img_of(picture: Element) -> Element:
    """Return the element that has a picture's words and size."""
    return picture if picture.tag == "img" else next(picture.iter("img"))


def shape(img: Element) -> float:
    """Return a picture's width by its height."""
    return float(img.attrib["width"]) / float(img.attrib["height"])


def link(element: Element) -> None:
    """Have each picture below an element lead to itself."""
    for place, child in enumerate([*element]):
        if is_picture(child):
            whole = Element("a", {"href": img_of(child).get("src", ""), "data-zoom": ""})
            whole.tail, child.tail = child.tail, None
            whole.append(child)
            element[place] = whole
        elif child.tag not in (*LED, *PICTURES):
            link(child)
