"""Where an enlarged picture stands in its frame: pure rules of the viewer, run by Node."""

import json
import subprocess
from itertools import product
from typing import Any

from tests.site.helpers.built import REPO
from tests.site.helpers.scripts import NODE

ZOOM = REPO / "site/assets/js/widgets/gallery/zoom.js"
SIZES = [(1600, 1200), (1200, 1600), (4000, 400), (300, 4500), (1, 1)]
FRAMES = [(390, 760), (1440, 860), (320, 200)]
NEAR = 1e-6


def run(function: str, cases: list[Any]) -> list[Any]:
    """What the function answers for each case; it is given what the module exports, and the case."""
    script = f"""import * as zoom from {json.dumps(ZOOM.as_uri())};
      process.stdout.write(JSON.stringify({json.dumps(cases)}.map((one) => ({function})(zoom, one))));"""
    done = subprocess.run(
        [*NODE, "--input-type=module", "--no-warnings", "-e", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def size(pair: tuple[int, int]) -> dict[str, int]:
    return {"width": pair[0], "height": pair[1]}


def test_no_view_leaves_a_gap_that_the_picture_could_fill() -> None:
    cases = [
        {"view": {"scale": scale, "x": x, "y": y}, "picture": size(picture), "frame": size(frame)}
        for scale, x, y in product((0.2, 1, 1.01, 1.7, 6, 99), (-9e3, 4, 9e3), (0, -900))
        for picture, frame in product(SIZES, FRAMES)
    ]
    ask = "(z, c) => [z.held(c.view, c.picture, c.frame), ...[z.fitted, z.mostOf].map((of) => of(c.picture, c.frame))]"
    found = run(ask, cases)
    for case, (held, whole, most) in zip(cases, found, strict=True):
        assert 1 <= held["scale"] <= most
        for side, way in (("width", "x"), ("height", "y")):
            shown, room = whole[side] * held["scale"], case["frame"][side]
            spare = max(0, shown - room) / 2
            assert abs(held[way]) <= spare + NEAR, (case, held)


def test_the_point_under_the_finger_stays_where_it_is_while_a_picture_grows() -> None:
    cases = [
        {"view": {"scale": scale, "x": x, "y": -x / 2}, "times": times, "at": {"x": at, "y": 40}}
        for scale, x, times, at in product((1, 2.5, 6), (0, -120), (0.1, 0.8, 1.5, 9), (-190, 0, 77))
    ]
    for case, after in zip(cases, run("(z, c) => z.enlarged(c.view, c.times, c.at, 6)", cases), strict=True):
        before, at = case["view"], case["at"]
        assert 1 <= after["scale"] <= 6
        for way in ("x", "y"):
            points = [(at[way] - view[way]) / view["scale"] for view in (before, after)]
            assert abs(points[0] - points[1]) < NEAR


def test_two_fingers_carry_a_picture_along_as_they_spread() -> None:
    fingers = {"from": [{"x": -20, "y": 0}, {"x": 20, "y": 0}], "to": [{"x": 10, "y": 50}, {"x": 90, "y": 50}]}
    (found,) = run("(z, c) => z.pinched(z.WHOLE, c.from, c.to, 6)", [fingers])
    assert found == {"scale": 2, "x": 50, "y": 50}


def test_a_strip_can_be_enlarged_until_it_is_twice_as_high_as_its_frame() -> None:
    found = run("(z, c) => z.mostOf(c.picture, c.frame)", [{"picture": size((4000, 400)), "frame": size((390, 780))}])
    assert found == [2 * 780 / 39]
