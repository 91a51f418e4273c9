"""The import rules of pyproject.toml: they hold, and an import that breaks one is found."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cunbo.core.paths import ROOT

PACKAGES = ("functions/chalicelib", "infra/cunbo", "site/storefront")
INFRA = "infra: a room imports only rooms below it"
LAYERS = "the functions: a package imports only packages below it"
PURE = "domain is pure: no I/O, no clock of its own, no chance"
USE_CASES = "use cases know no HTTP"
AUDIENCES = "routes by audience know nothing of each other"
STORAGE = "storage: a file knows only those below it"
BOTOCORE = "only storage speaks to AWS through botocore"
PROVIDERS = "no payment provider knows another"
CARRIERS = "no carrier of mail knows another"
SENDERS = "no carrier of text messages knows another"
SERVICES = "no adapter of carriers knows another"
STAGES = "the site: a stage imports only stages before it"
READERS = "the site: reading and checking need no MkDocs and no templates"
ROOTS = "cunbo imports storefront, storefront imports chalicelib, never the other way"


PLANTED = [
    ("infra/cunbo/core/progress.py", "import cunbo.operations.stock", INFRA),
    ("infra/cunbo/operations/drops.py", "import cunbo.deploy.site", INFRA),
    ("infra/cunbo/edge/config.py", "import cunbo.model.limits", INFRA),
    ("infra/cunbo/deploy/stack.py", "import cunbo.local.ministack", INFRA),
    ("infra/cunbo/load/surge.py", "import cunbo.local.stack", INFRA),
    ("infra/cunbo/authoring/new.py", "import cunbo.bench.cold", INFRA),
    ("infra/cunbo/bench/cold.py", "import cunbo.commands.target", INFRA),
    ("infra/cunbo/verify/explorer.py", "import cunbo.bench.cold", INFRA),
    ("site/storefront/__init__.py", "import cunbo.core.paths", ROOTS),
    ("functions/chalicelib/catalog.py", "import storefront", ROOTS),
    ("functions/chalicelib/bootstrap.py", "import chalicelib.jobs.sweep", LAYERS),
    ("functions/chalicelib/services/orders.py", "import chalicelib.api.responses", LAYERS),
    ("functions/chalicelib/mail/letters.py", "import chalicelib.storage.keys", LAYERS),
    ("functions/chalicelib/domain/staff.py", "import secrets", PURE),
    ("functions/chalicelib/services/checkout.py", "import chalice", USE_CASES),
    ("functions/chalicelib/api/sandbox.py", "import chalicelib.api.payments", AUDIENCES),
    ("functions/chalicelib/storage/keys.py", "import chalicelib.storage.store", STORAGE),
    ("functions/chalicelib/services/access.py", "import botocore", BOTOCORE),
    ("functions/chalicelib/payments/wechat.py", "import chalicelib.payments.sandbox", PROVIDERS),
    ("functions/chalicelib/mail/smtp.py", "import chalicelib.mail.ses", CARRIERS),
    ("functions/chalicelib/sms/made_up.py", "import chalicelib.sms.sandbox", SENDERS),
    ("functions/chalicelib/carriers/sf.py", "import chalicelib.carriers.kuaidi100", SERVICES),
    ("site/storefront/read/messages.py", "import storefront.build.pages", STAGES),
    ("site/storefront/check/rules.py", "import jinja2", READERS),
]
"""A file, an import that breaks a rule there, and the rule."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the three packages and their rules."""
    folder = tmp_path_factory.mktemp("rules")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def broken(folder: Path) -> list[str]:
    """Return the names of the rules that the packages in the folder break."""
    roots = os.pathsep.join(str((folder / package).parent) for package in PACKAGES)
    script = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    environ = {**os.environ, "PYTHONPATH": roots, "COLUMNS": "200"}
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, env=environ, capture_output=True, text=True)
    found = re.findall(r"^(.+) BROKEN(?: \(.+\))?$", done.stdout, re.MULTILINE)
    assert (done.returncode != 0) == bool(found), done.stdout + done.stderr
    return found


def test_every_rule_is_kept(copy: Path) -> None:
    assert broken(copy) == []


@pytest.mark.parametrize(("file", "line", "rule"), PLANTED)
def test_an_import_that_breaks_a_rule_is_found(copy: Path, file: str, line: str, rule: str) -> None:
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n\n{line}\n", encoding="utf-8")
    try:
        assert rule in broken(copy)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")


def test_every_rule_has_an_import_that_breaks_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert {contract["name"] for contract in contracts} == {rule for _, _, rule in PLANTED}
