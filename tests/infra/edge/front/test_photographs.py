"""Photographs, on their way to the bucket and from it."""

from dataclasses import replace

from cunbo.edge.config import Origin

from tests.infra.edge.front.viewer import EDGE, says, world
from tests.infra.loop import run

PHOTO = f"/uploads/kept/claim/{'0a' * 12}/{'1b' * 16}"


def test_photographs_are_sent_to_their_bucket_and_shown_from_it_and_nothing_else_reaches_it() -> None:
    async def scene() -> None:
        said = says("x", Set_Cookie="a=b", Content_Disposition="attachment", X_Amz_Id="1")
        async with world(said, replace(EDGE, uploads=Origin("photos.s3.test")), {"X-Key": "ours"}) as found:
            form = {
                "Content-Type": "multipart/form-data; boundary=x",
                "Cookie": "device=1",
                "Authorization": "Bearer y",
            }
            sent = await found.ask("/uploads/", "POST", data=b"--x", headers=form)
            shown = await found.ask(f"{PHOTO}?X-Amz-Signature=0&response-content-type=image%2Fjpeg")
            assert (sent.status, shown.status) == (200, 200)
            assert [(one.method, one.host, one.raw_path.partition("?")[0]) for one in found.seen] == [
                ("POST", "photos.s3.test", "/"),
                ("GET", "photos.s3.test", PHOTO.removeprefix("/uploads")),
            ]
            assert "Cookie" not in found.seen[0].headers and "Authorization" not in found.seen[0].headers
            assert found.seen[0].headers["X-Key"] == "ours"
            assert shown.headers["Content-Disposition"] == "attachment"
            assert shown.headers["Content-Security-Policy"] == EDGE.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in shown.headers and "X-Amz-Id" not in shown.headers
            for method, path in (
                ("GET", PHOTO),
                ("GET", "/uploads/?X-Amz-Signature=0"),
                ("GET", "/uploads/?list-type=2&X-Amz-Signature=0"),
                ("GET", "/uploads/raw/claim/0?X-Amz-Signature=0"),
                ("GET", "/uploads/_ministack/health?X-Amz-Signature=0"),
                ("GET", "/uploads/kept/../../_ministack?X-Amz-Signature=0"),
                ("GET", "/uploads/kept/%2e%2e/x?X-Amz-Signature=0"),
                ("PUT", f"{PHOTO}?X-Amz-Signature=0"),
                ("DELETE", f"{PHOTO}?X-Amz-Signature=0"),
                ("POST", "/uploads/?delete"),
                ("POST", f"{PHOTO}?X-Amz-Signature=0"),
            ):
                assert (await found.ask(path, method)).status == 403, (method, path)
            assert len(found.seen) == 2

    run(scene)


def test_a_shop_without_photographs_has_no_way_to_them() -> None:
    async def scene() -> None:
        async with world(says("x")) as found:
            await found.ask("/uploads/")
            assert found.seen[0].host == "site.test"

    run(scene)
