"""The package: what lies in the zip, and that it needs nothing but what Lambda has."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from chalicelib.catalog import load
from cunbo.core.locks import folder_lock
from cunbo.core.paths import Paths, digest
from cunbo.deploy.package import LOCAL, Package, package


def test_the_zip_holds_compiled_modules_and_the_catalogue(packaged: Package) -> None:
    with zipfile.ZipFile(packaged.code) as code:
        names = code.namelist()
        assert load(code.read("chalicelib/catalog.json")).products
    assert {"app.py", "chalicelib/storage/store.py", "chalice/app.py", "msgspec/__init__.py"} <= {*names}
    assert any(name.startswith("chalicelib/storage/__pycache__/store.") for name in names)


def test_the_zip_holds_every_letter_and_what_writes_them(packaged: Package) -> None:
    letters = Paths().functions / "chalicelib" / "mail" / "letters"
    with zipfile.ZipFile(packaged.code) as code:
        names = {*code.namelist()}
    assert {f"chalicelib/mail/letters/{path.relative_to(letters)}" for path in letters.glob("*/*")} <= names
    assert {"jinja2/environment.py", "markupsafe/__init__.py"} <= names
    assert any(re.fullmatch(r"markupsafe/_speedups\..*\.so", name) for name in names)


def test_the_zip_brings_what_providers_keys_need_and_stays_small(packaged: Package) -> None:
    with zipfile.ZipFile(packaged.code) as code:
        names = {*code.namelist()}
    assert any(re.fullmatch(r"cryptography/hazmat/bindings/_rust\..*so", name) for name in names)
    assert any(re.fullmatch(r"_cffi_backend\..*\.so", name) for name in names)
    assert packaged.code.stat().st_size < 10_000_000


def test_the_functions_start_where_there_is_nothing_but_boto3(packaged: Package, tmp_path: Path) -> None:
    with zipfile.ZipFile(packaged.code) as code:
        code.extractall(tmp_path)
    python = Paths().ministack.with_name("python")
    here = f"import sys; sys.path.insert(0, {str(tmp_path)!r})"
    script = f"{here}; import app; from chalicelib.jobs import workers; workers.workers; print(app.__file__)"
    script += "; print('cryptography' in sys.modules); import cryptography.hazmat.bindings._rust"
    done = subprocess.run([python, "-I", "-c", script], capture_output=True, text=True, check=False)
    # What keys need is there, and is not loaded before a key is.
    assert done.stdout.split() == [str(tmp_path / "app.py"), "False"], done.stderr


def test_packaging_again_gives_the_same_bytes(packaged: Package) -> None:
    paths = Paths()
    with zipfile.ZipFile(packaged.code) as code:
        catalogue = code.read("chalicelib/catalog.json")
    before = digest(packaged.code)
    with folder_lock(paths.build, wait=True):
        (packaged.code.parent / "digest").unlink()
        assert digest(package(paths, LOCAL, catalogue).code) == before


@pytest.mark.parametrize("function", ["APIHandler", "Outbox", "Sweep", "Plan", "Audit", "Reconcile", "Track"])
def test_the_template_takes_the_zip_from_its_parameters(packaged: Package, function: str) -> None:
    resources = json.loads(packaged.template.read_text())["Resources"]
    assert resources[function]["Properties"]["CodeUri"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}}


def test_a_deployed_stage_runs_on_arm() -> None:
    settings = json.loads((Paths().functions / ".chalice" / "config.json").read_text())
    assert settings["lambda_architecture"] == "arm64"
    assert settings["autogen_policy"] is False


@pytest.mark.parametrize("name", [path.name for path in Paths().root.glob("*.lock")])
def test_a_lock_file_names_versions_and_hashes_and_no_place(name: str) -> None:
    lines = (Paths().root / name).read_text().splitlines()
    entry = re.compile(r"#.*|[a-z0-9._-]+==[^\s/:]+( ; [^/:]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not entry.fullmatch(line)] == []


def test_the_functions_run_with_the_versions_that_are_tested() -> None:
    paths = Paths()
    locked = (paths.root / "requirements.lock").read_text()
    wanted = [line for line in (paths.functions / "requirements.txt").read_text().splitlines() if "==" in line]
    assert wanted
    assert [line for line in wanted if f"{line} " not in locked] == []
