"""`cunbo jars`: labels for the jars of a batch as a page to print, each with the code that opens its passport.

A browser prints it, as all paper of the shop; labels are 50 by 40 mm, 28 on a page of A4.
"""

from html import escape

from chalicelib.catalog import pack_name
from chalicelib.domain.packing.jar_labels import JarLabel
from storefront.build import codes

from cunbo.core.refusal import Refusal

MOST = 2_000
"""Labels of one page."""
STYLE = """@page{size:A4;margin:8mm 5mm}
body{margin:0;font:8pt/1.3 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{display:grid;grid-template-columns:repeat(4,50mm)}
section{box-sizing:border-box;width:50mm;height:40mm;padding:2mm;display:grid;grid-template-columns:22mm 1fr;
column-gap:1.5mm;align-content:start;border:.2mm dashed #999;overflow:hidden;break-inside:avoid}
h1{grid-column:1/3;margin:0;font-size:9pt}svg{width:22mm;height:22mm}p{margin:0;font-size:6.5pt}"""


def page(label: JarLabel, origin: str, count: int) -> str:
    """Return the page with so many labels; raises Refusal where the shop's address makes no code."""
    if not 1 <= count <= MOST:
        raise Refusal(f"{count} labels: write a whole number from 1 to {MOST}")
    try:
        link = codes.link(origin, "jar", f"{label.pack.sku}/{label.day:%Y%m%d}")
    except codes.UnfitLink as error:
        raise Refusal(f"{error}; name the shop's own by --url") from None
    code = codes.code(link)
    name = escape(pack_name(label.product, label.pack, "zh"))
    box = f'viewBox="0 0 {code.modules} {code.modules}" shape-rendering="crispEdges"'
    svg = f'<svg {box}><path d="{codes.path(code)}"/></svg>'
    words = "".join(f"<p>{escape(line)}</p>" for line in label.lines)
    one = f"<section><h1>{name}</h1>{svg}<div>{words}</div></section>\n"
    title = f"{name} {label.day:%Y%m%d}"
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n<main>\n{one * count}</main>\n</html>\n"
    )
