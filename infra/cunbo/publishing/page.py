"""The page on which what was written is published: at /admin/publish/, on the editor's origin and with its guards.

One thing is done at a time, in a thread of its own: the page asks how far it is. What was compared is held here, so
that the button brings live what was shown and nothing else.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from botocore.exceptions import BotoCoreError, ClientError
from storefront.read import messages
from storefront.read.faults import ContentFault

from cunbo.authoring import editor, serving
from cunbo.core.cloud import Cloud
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy.package import LOCAL
from cunbo.deploy.releases import Release
from cunbo.deploy.stack import Stack
from cunbo.publishing.publish import FaultyContent, HalfPublished, Publication, Published, Publisher
from cunbo.publishing.told import when

ADDRESS = "/admin/publish/"
MOST = 12
"""Lines of a part that are shown without being asked for."""
Reach = Callable[[str], tuple[Cloud, Stack]]
"""Returns the stack of a stage; raises Refusal where it cannot be reached."""


@dataclass
class PublishState:
    """What the page of one stage shows."""

    begun: bool = False
    busy: bool = False
    steps: list[str] = field(default_factory=list)
    proposal: Publication | None = None
    published: Published | None = None
    faults: tuple[ContentFault, ...] = ()
    trouble: str = ""
    half: bool = False
    releases: Sequence[Release] = ()
    live: str = ""
    shop: str = ""


class PublishPage:
    """The page, for the stages that can be published to from this computer."""

    def __init__(self, paths: Paths, reach: Reach, stages: Sequence[str], preview: str) -> None:
        self.paths, self.reach, self.stages, self.preview = paths, reach, stages, preview
        self.states = {stage: PublishState() for stage in stages}
        self.tasks: set[asyncio.Task[None]] = set()

    def add_to(self, application: web.Application) -> None:
        """Add the page's routes to the editor's server."""
        application.router.add_get(ADDRESS, self.show)
        application.router.add_post(f"{ADDRESS}{{act:look|go|back}}", self.act)

    async def show(self, request: web.Request) -> web.Response:
        """Send the page as things stand."""
        stage, lang = self._stage(request), language(request)
        page = editor.template("publish.html").render(
            state=self.states[stage],
            stage=stage,
            stages=self.stages,
            say=messages.of(lang)["publishing"],
            lang=lang,
            place=[*messages.LANGUAGES].index(lang),
            most=MOST,
            preview=self.preview,
            shop=self.states[stage].shop,
            when=when,
        )
        return serving.answer(200, page.encode(), ".html")

    async def act(self, request: web.Request) -> web.Response:
        """Begin to compare, to publish what was compared, or to compare an earlier release; 409 where it cannot be."""
        stage, act = self._stage(request), request.match_info["act"]
        state, release = self.states[stage], str((await request.json()).get("release", ""))
        if any(one.busy for one in self.states.values()):
            raise web.HTTPConflict
        proposal = state.proposal
        if act == "go" and (proposal is None or proposal.release().id != release):
            raise web.HTTPConflict
        self.states[stage] = PublishState(begun=True, busy=True, releases=state.releases, live=state.live)
        work = asyncio.to_thread(self._do, stage, language(request), act, release, proposal)
        task = asyncio.create_task(work)
        self.tasks.add(task)  # else nobody holds it
        task.add_done_callback(self.tasks.discard)
        return web.json_response({})

    def _do(self, stage: str, lang: str, act: str, release: str, proposal: Publication | None) -> None:
        state = self.states[stage]
        try:
            publisher = Publisher(self.paths, *self._reached(stage, lang), lang)
            if act == "go" and proposal is not None:
                state.published = publisher.go(proposal, state.steps.append)
            elif act == "back":
                state.proposal = publisher.propose_back(release, state.steps.append)
            else:
                state.proposal = publisher.propose(state.steps.append)
            state.shop = publisher.stack.parameters()["ShopUrl"]
            state.releases, state.live = publisher.releases()
        except FaultyContent as error:
            state.faults = error.faults
        except (Refusal, BotoCoreError, ClientError) as error:
            state.trouble, state.half = str(error), isinstance(error, HalfPublished)
        except Exception as error:  # whatever it is, the page says so and goes on
            state.trouble = f"{type(error).__name__}: {error}"
        finally:
            state.busy = False

    def _reached(self, stage: str, lang: str) -> tuple[Cloud, Stack]:
        try:
            return self.reach(stage)
        except Refusal as refusal:
            words: str = messages.of(lang)["publishing"]["closed"]
            raise (Refusal(words) if stage == LOCAL else refusal) from None

    def _stage(self, request: web.Request) -> str:
        stage = request.query.get("stage", self.stages[0])
        if stage not in self.states:
            raise web.HTTPNotFound
        return stage


def stages_of(environ: Any) -> list[str]:
    """Return the stages that can be published to: the shop on this computer, and those named by STAGE, with commas."""
    named = [one.strip() for one in environ.get("STAGE", "").split(",") if one.strip()]
    return [*dict.fromkeys([LOCAL, *named])]


def language(request: web.Request) -> str:
    """Return the language of whoever asks."""
    return "zh" if request.headers.get("Accept-Language", "zh").lower().startswith("zh") else "en"
