"""A thumb on a small phone: taps what lies in reach, and is counted."""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.helpers.shopper import Size

SMALL_WECHAT = Size(375, 553)
"""What WeChat leaves of a small iPhone."""


@dataclass
class Thumb:
    """Counts its taps; it scrolls for nothing, so what it is to tap must be in view, whole and uncovered."""

    taps: int = 0
    pastes: int = 0

    def tap(self, target: Locator) -> None:
        """Taps the middle of what is in view."""
        expect(target).to_be_enabled()
        expect(target).to_be_in_viewport(ratio=0.9)
        box = target.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        seen = "(target, [x, y]) => target.contains(document.elementFromPoint(x, y))"
        assert target.evaluate(seen, [x, y]), f"something covers {target}"
        target.page.touchscreen.tap(x, y)
        self.taps += 1

    def paste(self, target: Locator, text: str) -> None:
        """Taps a field, and pastes into it what was copied."""
        self.tap(target)
        target.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        target.page.keyboard.press("Control+V")
        self.pastes += 1
