"""Publishing: what was written is checked, built, compared with what is live, and brought live; earlier releases too.

The functions' program and the template stay as they were deployed: of their zip the catalogue alone is replaced, and
the stack is told to run that. The order keeps pages and checkout together. Hashed pictures and assets come first, for
they take longest and nobody sees them yet; then the functions get the new catalogue; then, within seconds, the pages,
whose copies in caches are at most a minute old; then the edge is told to ask anew. Whatever fails puts back what was
live.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
from chalicelib.catalog import load
from chalicelib.domain.settings import is_sandbox
from storefront.check import content
from storefront.read import messages
from storefront.read.faults import ContentFault

from cunbo.core.cloud import Cloud
from cunbo.core.locks import folder_lock
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy import site
from cunbo.deploy.live import LiveShop, read_live, refresh_edge
from cunbo.deploy.package import LOCAL, program_here, with_catalogue
from cunbo.deploy.releases import Release, Releases
from cunbo.deploy.site_bucket import SiteBucket, digests, each, files, read_all
from cunbo.deploy.stack import Stack
from cunbo.operations.shop import ShopOperations
from cunbo.operations.trail import acting, signed_in
from cunbo.operations.voices import spoken
from cunbo.publishing.changes import ChangedPart, PageTexts, changed_parts

Tell = Callable[[str], None]
"""Is told each step as it begins, by its name in `publishing.steps` of messages.yml."""


class FaultyContent(Exception):
    """The content has faults, and nothing of it is published."""

    def __init__(self, faults: tuple[ContentFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class HalfPublished(Refusal):
    """A publication failed, and what was live before could not be put back whole."""


class ReleaseSource(Protocol):
    """Where a release comes from: its catalogue, and its site as digests by key, which it can read, and write there."""

    catalogue: bytes
    wanted: Mapping[str, str]

    def put(self, key: str) -> None:
        """Write the object to the live bucket."""

    def read(self, key: str) -> bytes:
        """Return what the object will hold."""


class BuiltSource:
    """A release that was built on this computer."""

    def __init__(self, catalogue: bytes, built: Path, bucket: SiteBucket) -> None:
        self.catalogue, self.built, self.bucket = catalogue, built, bucket
        self.found = files(built)
        self.wanted: Mapping[str, str] = digests(self.found)

    def put(self, key: str) -> None:
        """Write the object to the live bucket."""
        self.bucket.put(key, self.found[key])

    def read(self, key: str) -> bytes:
        """Return what the object will hold."""
        return self.found[key].read_bytes()

    def still_there(self) -> bool:
        """Return whether the built files are those that were compared."""
        return digests(files(self.built)) == self.wanted


class KeptSource:
    """A release that was live before and is kept."""

    def __init__(self, release: Release, catalogue: bytes, releases: Releases, bucket: SiteBucket) -> None:
        self.release, self.catalogue, self.releases, self.bucket = release, catalogue, releases, bucket
        self.wanted: Mapping[str, str] = release.site

    def put(self, key: str) -> None:
        """Write the object to the live bucket."""
        self.bucket.copy(key, self.releases.source(self.wanted[key]))

    def read(self, key: str) -> bytes:
        """Return what the object will hold."""
        return self.releases.read(self.wanted[key])


@dataclass(frozen=True)
class Publication:
    """What would go live, what it would change there, and what is live now."""

    act: str
    source: ReleaseSource
    live: LiveShop
    parts: list[ChangedPart]

    @property
    def is_empty(self) -> bool:
        """Return whether all of it is live already."""
        return self.release().id == self.live.release.id

    def release(self, by: str = "") -> Release:
        """Return it as a release that goes live now."""
        catalogue = hashlib.sha256(self.source.catalogue).hexdigest()
        return Release(self.live.release.program, catalogue, {**self.source.wanted}, datetime.now(UTC), by)


class Published(NamedTuple):
    """A release that has gone live, and what else is to be known about it, in words."""

    release: Release
    notes: list[str]


@dataclass(frozen=True)
class Publisher:
    """Publishes the content of `paths` to one stage, and says what it does in a language."""

    paths: Paths
    cloud: Cloud
    stack: Stack
    lang: str

    def propose(self, tell: Tell) -> Publication:
        """Check and build the content, and return what it would change; raises FaultyContent, or Refusal."""
        tell("check")
        found = content.look(self.paths.content, production=not is_sandbox(self.stack.stage))
        if found.catalog is None or found.faults:
            raise FaultyContent(found.faults)
        live = read_live(self.cloud, self.stack)
        if live.release.program != program_here(self.paths):
            raise self._refusal("other_program")
        tell("build")
        with folder_lock(self.paths.build, wait=True):
            voices = spoken(self._operations.store, found.catalog)
            site.build(self.paths, self.stack.parameters()["ShopUrl"], voices, found)
            source = BuiltSource(msgspec.json.encode(found.catalog), self.paths.site, live.site)
        tell("compare")
        return self._compared("publish", source, live)

    def propose_back(self, name: str, tell: Tell) -> Publication:
        """Return what a kept release would change, by the beginning of its name; without one, the release before this.

        Raises Refusal where it cannot be brought back.
        """
        tell("compare")
        live = read_live(self.cloud, self.stack)
        release = live.releases.find(name) if name else self._earlier(live)
        if release.program != live.release.program:
            raise self._refusal("older_program", release=release.id)
        if live.releases.lost(release, live.release.site):
            raise self._refusal("lost", release=release.id)
        catalogue = live.releases.catalogue(release)
        return self._compared("bring_back", KeptSource(release, catalogue, live.releases, live.site), live)

    def releases(self) -> tuple[list[Release], str]:
        """Return what is live and all that is kept, the newest first, and the name of the one that is live."""
        live = read_live(self.cloud, self.stack)
        kept = live.releases.kept()
        deployed = [] if live.release.id in {release.id for release in kept} else [live.release]
        return [*deployed, *kept], live.release.id

    def go(self, proposal: Publication, tell: Tell) -> Published:
        """Bring a proposal live, and return it as a release; raises Refusal, and then what was live is as it was."""
        with acting(self._operations.store.trail, proposal.act, {}) as facts, folder_lock(self.paths.build, wait=True):
            if read_live(self.cloud, self.stack).release.id != proposal.live.release.id:
                raise self._refusal("overtaken")
            if isinstance(proposal.source, BuiltSource) and not proposal.source.still_there():
                raise self._refusal("built_anew")
            notes = self._bring(proposal, tell)
            release = proposal.release(signed_in())
            facts |= {"release": release.id, "changes": sum(len(part.lines) for part in proposal.parts)}
            tell("enter")
            proposal.live.releases.enter(release, proposal.source.catalogue)
            proposal.live.releases.tidy(release)
        return Published(release, notes)

    def _bring(self, proposal: Publication, tell: Tell) -> list[str]:
        live, source, operations = proposal.live, proposal.source, self._operations
        change = live.site.change(live.release.site, source.wanted)
        tell("keep")
        live.keep(change)
        tell("assets")
        each(source.put, change.assets)
        catalog = load(source.catalogue)
        try:
            if source.catalogue != live.catalogue:
                tell("functions")
                operations.keep_shown(catalog)  # what is said of the goods is kept before anybody can buy them
                self.stack.set_code(
                    live.code_bucket.put("functions", ".zip", with_catalogue(live.code, source.catalogue))
                )
            tell("pages")
            each(source.put, change.pages)
            each(live.site.remove, change.gone)
            tell("edge")
            refresh_edge(self.cloud, self.stack.outputs())
        except BaseException as error:
            tell("undo")
            self._undo(live, error)
            raise
        if self.stack.stage == LOCAL:
            operations.plan(catalog)
        return operations.amended(catalog)

    def _undo(self, live: LiveShop, error: BaseException) -> None:
        """Put back what was live; raises Refusal where that fails too."""
        try:
            back = live.site.change(live.site.live(), live.release.site)
            each(
                lambda key: live.site.copy(key, live.releases.source(live.release.site[key])),
                [*back.assets, *back.pages],
            )
            each(live.site.remove, back.gone)
            if self.stack.parameters()["CodeKey"] != live.key:
                self.stack.set_code(live.key)
            refresh_edge(self.cloud, self.stack.outputs())
        except Exception as again:
            words = self._refusal("half", release=live.release.id, first=str(error), second=str(again))
            raise HalfPublished(str(words)) from error

    def _compared(self, act: str, source: ReleaseSource, live: LiveShop) -> Publication:
        catalogs = load(live.catalogue), load(source.catalogue)
        pages = self._differing(source, live)
        return Publication(
            act, source, live, changed_parts(*catalogs, pages, (live.release.site, source.wanted), self.lang)
        )

    def _differing(self, source: ReleaseSource, live: LiveShop) -> Iterator[PageTexts]:
        """Yield the pages whose files differ, in the order of their addresses."""
        was, now = live.release.site, source.wanted
        keys = [key for key in sorted({*was, *now}) if _is_page(key) and was.get(key) != now.get(key)]
        texts = dict(read_all(live.site, [key for key in keys if key in was]))
        for key in keys:
            path = f"/{key.removesuffix('index.html')}"
            yield PageTexts(path, texts.get(key), source.read(key) if key in now else None)

    def _earlier(self, live: LiveShop) -> Release:
        found = [release for release in live.releases.kept() if release.id != live.release.id]
        if not found:
            raise self._refusal("first")
        return found[0]

    @property
    def _operations(self) -> ShopOperations:
        return ShopOperations(self.cloud.client("dynamodb"), self.stack.outputs()["TableName"])

    def _refusal(self, name: str, **words: str) -> Refusal:
        stage = self.stack.stage
        anew = "make up" if stage == LOCAL else f"make deploy STAGE={stage}"
        said: str = messages.of(self.lang)["publishing"]["refusals"][name]
        return Refusal(said.format(anew=anew, stage=stage, **words))


def _is_page(key: str) -> bool:
    return key.endswith(".html") and not key.startswith("links/")
