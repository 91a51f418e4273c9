"""Drawings: what is published of them, how large they are, and what no program could draw."""

import pytest
from storefront.read.media import drawings

SVG = 'xmlns="http://www.w3.org/2000/svg"'
INKSCAPE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg:svg width="80mm" height="60mm" viewBox="0 0 80 60" version="1.1" id="svg5" inkscape:version="1.2 (dc2aeda)"
   sodipodi:docname="village.svg" inkscape:export-filename="/home/wang/village.png"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:svg="http://www.w3.org/2000/svg"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff"><inkscape:grid type="xygrid"/></sodipodi:namedview>
  <svg:metadata><rdf:RDF><rdf:li>Wang</rdf:li></rdf:RDF></svg:metadata>
  <svg:g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
    <svg:path style="-inkscape-stroke:none;-inkscape-font-specification:'A'" d="M 1,2 Z" id="p1000000"/>
  </svg:g>
</svg:svg>"""
ILLUSTRATOR = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 16.0.0, SVG Export Plug-In -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
  <!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">
]>
<svg version="1.1" id="Layer_1" xmlns:x="&ns_extend;" xmlns:i="&ns_ai;" xmlns="http://www.w3.org/2000/svg"
  xmlns:xlink="http://www.w3.org/1999/xlink" x="0px" y="0px" width="80px" height="60px" viewBox="0 0 80 60"
  enable-background="new 0 0 80 60" xml:space="preserve" data-name="Wang">
<switch><foreignObject requiredExtensions="&ns_ai;" width="1" height="1"><i:pgfRef xlink:href="#pgf"/></foreignObject>
<g i:extraneous="self"><linearGradient id="SVGID_1234567_"/><path fill="url(#SVGID_1234567_)" d="M1,2z"/></g></switch>
<i:pgf id="pgf">Wang</i:pgf></svg>"""


def test_a_drawing_that_stays_is_read_once_however_often_it_is_checked() -> None:
    assert drawings.read(INKSCAPE.encode()) is drawings.read(INKSCAPE.encode())


@pytest.mark.parametrize("text", [INKSCAPE, ILLUSTRATOR])
def test_drawing_programs_files_pass_and_lose_what_these_programs_keep_in_them(text: str) -> None:
    drawing = drawings.read(text.encode())
    assert not drawing.unfit and (drawing.width / drawing.height) == pytest.approx(4 / 3)
    clean = drawing.clean.decode()
    assert clean.startswith(f"<svg {SVG}") and "<path" in clean and 'd="M' in clean
    private = ("Wang", "wang", "inkscape", "sodipodi", "adobe", "Adobe", "rdf", "<!", "<?")
    assert not [word for word in private if word in clean]
    assert drawings.read(drawing.clean).clean == drawing.clean


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ("viewBox='0 0 40 30'", (40, 30)),
        ("width='40' height='30'", (40, 30)),
        ("width='40' viewBox='0 0 4 3'", (40, 30)),
        ("height='30px' width='100%' viewBox='0,0,4,3'", (40, 30)),
        ("width='1in' height='72pt'", (96, 96)),
        ("width='0' height='-5'", (800, 600)),
        ("viewBox='0 0 0 0'", (800, 600)),
        ("viewBox='none'", (800, 600)),
        ("", (800, 600)),
    ],
)
def test_a_drawing_has_one_size_for_all_who_draw_it(root: str, size: tuple[int, int]) -> None:
    drawing = drawings.read(f"<svg {SVG} {root}><rect/></svg>".encode())
    assert (drawing.width, drawing.height) == pytest.approx(size)
    written = drawing.clean.decode()
    assert f'width="{size[0]}"' in written and f'height="{size[1]}"' in written and "viewBox=" in written


def test_a_drawing_that_names_no_namespace_is_published_with_it() -> None:
    assert f"<svg {SVG}" in drawings.read(b"<svg><rect/></svg>").clean.decode()


def nested(levels: int) -> str:
    return "<g>" * levels + "</g>" * levels


def repeated(levels: int) -> str:
    """Each group shows the one before it ten times."""
    shown = [f"<use href='#a{level}'/>" * 10 for level in range(levels)]
    return "<rect id='a0'/>" + "".join(f"<g id='a{level}'>{group}</g>" for level, group in enumerate(shown, 1))


UNDRAWN = {
    "drawing_deep": nested(200),
    "drawing_parts": repeated(9),
    "drawing_far": "<path d='M0 0L1e30 5'/>",
}


@pytest.mark.parametrize("name", UNDRAWN)
def test_what_no_program_could_draw_is_told_before_one_tries(name: str) -> None:
    drawing = drawings.read(f"<svg {SVG} viewBox='0 0 4 3'>{UNDRAWN[name]}</svg>".encode())
    assert {unfit.name for unfit in drawing.unfit} == {name} and not drawing.clean


@pytest.mark.parametrize("inner", [nested(90), repeated(3), "<g id='a'><use href='#a'/></g>", "<rect x='-99999.5'/>"])
def test_what_can_be_drawn_passes(inner: str) -> None:
    assert not drawings.read(f"<svg {SVG} viewBox='0 0 4 3'>{inner}</svg>".encode()).unfit


@pytest.mark.parametrize("drawing", ["<svg", "", "no drawing", f"<svg {SVG}>&nbsp;</svg>", "<svg><x:g/></svg>"])
def test_what_cannot_be_read_is_told_with_its_line(drawing: str) -> None:
    (unfit, *_) = drawings.read(drawing.encode()).unfit
    assert (unfit.line, unfit.name) == (1, "drawing_unread")


def test_parts_that_lead_to_each_other_are_told_for_what_draws_them_never_ends() -> None:
    loop = '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    assert [one.name for one in drawings.read(f'<svg xmlns="{drawings.SVG}">{loop}</svg>'.encode()).unfit] == [
        "drawing_parts"
    ]
