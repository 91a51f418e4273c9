"""Commands on content: `check` says what is wrong with it, `new` asks about a new record and writes its files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from storefront.check.content import look
from storefront.read import messages

from cunbo.authoring.new import KINDS, Interview, KeptAnswers, new
from cunbo.core import content
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal


def add_check(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo check`."""
    command.add_argument("--content", type=Path, metavar="DIR", help="the folder to read (default: content/)")
    command.add_argument(
        "--production", action="store_true", help="also say what a shop that really sells may not have"
    )
    command.add_argument("--lang", choices=["zh", "en"], help="the language to say it in (default: this machine's)")
    command.add_argument("--stage", metavar="STAGE", help="also say what its desk has changed of what the content says")
    command.set_defaults(run=_check)


def add_new(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo new`."""
    command.add_argument("kind", choices=[*KINDS])
    command.add_argument("--content", type=Path, metavar="DIR", help="the folder to write in (default: content/)")
    command.add_argument("--lang", choices=["zh", "en"], help="the language to ask in (default: this machine's)")
    command.set_defaults(run=_new)


def _check(typed: Namespace, paths: Paths) -> int:
    folder = typed.content or paths.content
    if not folder.is_dir():
        raise Refusal(f"there is no folder {folder}")
    found = look(folder, typed.production)
    for fault in (*found.faults, *found.notices):
        note(fault.told(typed.lang or messages.of_writer()))
    if typed.stage and not found.faults:
        from cunbo.commands import target
        from cunbo.core.cloud import refusing_aws_errors

        catalog, _ = content.read(folder)
        with refusing_aws_errors():
            for line in target.operations(paths, typed.stage).amended(catalog):
                note(line)
    return 1 if found.faults else 0


def _new(typed: Namespace, paths: Paths) -> int:
    folder = typed.content or paths.content
    catalog, _ = content.read(folder)
    ids = {name: [record.id for record in getattr(catalog, name)] for name in ("villages", "products")}
    interview = Interview(
        typed.lang or messages.of_writer(),
        folder / KINDS[typed.kind],
        {"village": ids["villages"], "products": ids["products"]},
    )
    kept = KeptAnswers(paths.state / f"new-{typed.kind}.json")
    try:
        interview.answers += interview.go_on(kept.read())
        written = new(typed.kind, interview)
    except (KeyboardInterrupt, EOFError):
        if not interview.answers:
            raise Refusal("nothing was written") from None
        kept.write(interview.answers)
        raise Refusal(interview.say("kept")) from None
    kept.clear()
    for path in written:
        note(f"{path.relative_to(folder.parent)}")
    for fault in look(folder).faults:
        note(fault.told(interview.lang))
    return 0
