"""A phone whose browser reads no codes: the camera's pictures are read by the program that the shop carries."""

import base64
from io import BytesIO

import zxingcpp
from chalicelib.domain.packing.codes import code_of
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.staff_device import enrolled
from tests.conftest import RunningShop

ORDER = "00000000000000000042"
"""Which nobody has placed: what matters is that it is read."""
WAYBILL = "SF1234567890123"
CAMERA = """([file, size]) => {
  delete window.BarcodeDetector;
  const screen = document.createElement("canvas");
  [screen.width, screen.height] = size;
  const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
  createImageBitmap(new Blob([bytes], { type: "image/png" })).then((picture) => {
    const draw = () => { screen.getContext("2d").drawImage(picture, 0, 0); requestAnimationFrame(draw); };
    draw();
  });
  navigator.mediaDevices.getUserMedia = async () => screen.captureStream(10);
}"""
"""A camera before which a picture is held."""


def picture(text: str, kind: zxingcpp.BarcodeFormat) -> list[object]:
    """A code as a camera sees it: turned a little, amid grey paper."""
    drawn = Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=3)).convert("L")
    seen = Image.new("L", (1280, 720), 200)
    seen.paste(drawn.rotate(4, expand=True, fillcolor=255), (150, 160))
    file = BytesIO()
    seen.save(file, "PNG")
    return [base64.b64encode(file.getvalue()).decode(), seen.size]


def test_codes_are_read_through_the_camera_where_the_browser_reads_none(visit: Visit, shop: RunningShop) -> None:
    packer = visit(lang="en")
    packer.watch.expect("404 (Not Found)")
    enrolled(packer, shop, "packer", "小王")
    expect(packer.part("countdown")).not_to_be_empty()
    packer.page.locator('[data-open="bench"]').click()
    packer.page.evaluate(CAMERA, picture(code_of(ORDER, 1), zxingcpp.BarcodeFormat.Code128))
    loaded: list[str] = []
    packer.page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    packer.part("camera").click()
    expect(packer.part("verdict")).to_contain_text(ORDER[-6:])
    assert [name for name in loaded if name.startswith("zxing")] == ["zxing.mjs", "zxing.wasm"]
    packer.part("camera").click()
    expect(packer.part("camera")).to_have_attribute("aria-pressed", "false")
    packer.page.evaluate(CAMERA, picture(WAYBILL, zxingcpp.BarcodeFormat.Code128))
    packer.part("camera").click()
    expect(packer.part("because")).to_contain_text(packer.say("scripts.packing.scan.carrier"))
    packer.part("camera").click()
    packer.part("carrier").select_option("sf")
    packer.page.evaluate(CAMERA, picture(code_of(ORDER, 1), zxingcpp.BarcodeFormat.QRCode))
    packer.part("camera").click()
    expect(packer.part("verdict")).to_contain_text(ORDER[-6:])


def test_only_the_packing_room_may_look_through_the_camera_and_run_a_program(visit: Visit, shop: RunningShop) -> None:
    visitor = visit()
    policies = {}
    for path in ("/", "/pack/", "/en/pack/", "/staff/"):
        answer = visitor.page.request.get(f"{shop.url}{path}")
        headers = answer.headers
        policies[path] = (
            "'wasm-unsafe-eval'" in headers["content-security-policy"],
            "camera=(self)" in headers["permissions-policy"],
        )
    assert policies == {"/": (False,) * 2, "/pack/": (True,) * 2, "/en/pack/": (True,) * 2, "/staff/": (False,) * 2}
