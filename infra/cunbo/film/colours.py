"""How the colours of phones' films become those of an ordinary screen: BT.709, 8 bits. Filters of FFmpeg, as text."""

from typing import Any

from storefront.check.media.films import HDR

TONES = (
    "zscale=tin={transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=mobius,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
"""Brings HDR down to what an ordinary screen shows; 203 cd/m² is its white (BT.2408)."""
NARROWED = "zscale=tin=bt709:pin={primaries}:min={matrix}:t=bt709:p=bt709:m=bt709:r=tv,format=yuv420p"
"""Brings wide colours that are not HDR into those of an ordinary screen."""
WIDER = {9: "bt2020", 11: "smpte431", 12: "smpte432"}
"""Primaries wider than an ordinary screen's: BT.2020, cinemas', Display P3 (phones record their screens in it)."""
TAGGED = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
AS_BT709 = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{TAGGED}"
TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
BT709, BT601, BT2020 = {1}, {4, 5, 6}, {9, 10}
"""How colours were made luma and chroma, by H.273's numbers."""
HIGH = 720
"""Lines from which a film that does not say so is BT.709, as televisions take it."""


def to_bt709(codec: Any) -> str:
    """Return the filters that bring a film's colours to BT.709, by what its codec context says of them."""
    if codec.color_trc in HDR:
        return TONES.format(transfer=TRANSFERS[codec.color_trc])
    if codec.format is not None and codec.format.is_rgb:
        return "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    unsaid = codec.colorspace not in BT709 | BT601
    matrix = "bt709" if codec.colorspace in BT709 or (unsaid and codec.height >= HIGH) else "bt601"
    if codec.color_primaries in WIDER:
        wide = codec.colorspace in BT2020 or (unsaid and codec.color_primaries == 9)
        of = "bt2020nc" if wide else {"bt709": "709", "bt601": "170m"}[matrix]
        return NARROWED.format(primaries=WIDER[codec.color_primaries], matrix=of)
    return f"scale=in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv,format=yuv420p"
