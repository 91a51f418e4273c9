"""MkDocs at work: whatever fails in it is a fault, so that its writer reads where, and what to do.

The hooks look at the content first, so a fault from here is one that no rule foresaw. MkDocs names in its log the page
that it is at; what raises elsewhere is told of the file that was saved last. The traceback goes to standard error, for
whoever keeps the programs.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import msgspec
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from storefront.check.content import BadContent
from storefront.read.faults import ContentFault, fault

QUOTED = re.compile(r"'([^'\n]+)'")


class BuildLog(logging.Handler):
    """Gathers what MkDocs says from a level on, as faults of the files that it names; `saved` stands for others."""

    def __init__(self, content: Path, saved: Path, level: int) -> None:
        super().__init__(level)
        self.content, self.saved = content, saved
        self.faults: list[ContentFault] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Take one message."""
        said = record.getMessage()
        file, line = place(said, self.content) or (told_name(self.saved, self.content), 1)
        self.faults.append(ContentFault(file, line, *fault("mkdocs", words=" ".join(said.split()))))


def built(config: MkDocsConfig, saved: Path, level: int = logging.WARNING) -> tuple[ContentFault, ...]:
    """Build with MkDocs; return what went wrong, from that level of its log on: where nothing did, the site stands."""
    content = Path(config.docs_dir)
    log, logger = BuildLog(content, saved, level), logging.getLogger("mkdocs")
    logger.addHandler(log)
    logger.setLevel(logging.WARNING)
    try:
        build(config)
    except Abort as error:  # MkDocs has said why, or the hooks have found faults
        return next((each.faults for each in chain(error) if isinstance(each, BadContent)), tuple(log.faults))
    except Exception as error:  # a template's, a plugin's, a library's
        return tuple(log.faults) or (unexpected(error, saved, content),)
    finally:
        logger.removeHandler(log)
    return tuple(log.faults)


def whole(root: str, site: str, saved: str, found: str) -> int:
    """Build all pages of the project in `root` into the folder `site`; return 1 where that fails.

    The file `found` then has the faults, as JSON; `saved` is the file of the content that was saved last.
    """
    try:
        config = load_config(str(Path(root) / "mkdocs.yml"), site_dir=site, strict=True)
        failed = built(config, Path(saved))
    except Exception as error:  # mkdocs.yml or the hooks, while somebody works on them
        failed = (unexpected(error, Path(saved), Path(root) / "content"),)
    Path(found).write_bytes(msgspec.json.encode(failed))
    return 1 if failed else 0


def unexpected(error: Exception, saved: Path, content: Path) -> ContentFault:
    """Return what nobody foresaw as a fault of the file that was saved last; print the traceback for who mends it."""
    traceback.print_exception(error, file=sys.stderr)
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return ContentFault(told_name(saved, content), 1, *fault("unexpected", words=words))


def place(said: str, content: Path) -> tuple[str, int] | None:
    """Return the file of `content` that a message of MkDocs quotes, and the line where what else it quotes stands."""
    named, *others = [name for name in QUOTED.findall(said) if (content / name).is_file()] or [""]
    if not named:
        return None
    words = [word for word in QUOTED.findall(said) if word not in (named, *others)]
    lines = (content / named).read_text(encoding="utf-8", errors="replace").split("\n")
    found = (number for number, line in enumerate(lines, 1) if any(word in line for word in words))
    return told_name(content / named, content), next(found, 1)


def told_name(path: Path, content: Path) -> str:
    """Return a file's name as faults give it: below the project's folder, which holds `content`."""
    return path.relative_to(content.parent).as_posix() if path.is_relative_to(content.parent) else path.name


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that led to it."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
