"""Packages the functions: a zip, and a CloudFormation template that is told where it lies by two parameters."""

import hashlib
import importlib.metadata
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from cunbo.core.paths import Paths, digest
from cunbo.core.refusal import Refusal

LOCAL = "local"
NOT_PACKAGED = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
CATALOGUE = "chalicelib/catalog.json"
"""Where the catalogue lies among the functions."""
EPOCH = (1980, 1, 1, 0, 0, 0)
UNUSED = {".pyi", ".h", ".c"}
"""Endings of files that libraries bring for those who check types or compile, and no function opens."""
COMPILERS = {"cffi", "pycparser"}
"""Libraries that compile a binding to C: cryptography names them, and its wheel brings the binding compiled."""


@dataclass(frozen=True)
class Package:
    """What a stage is deployed from: the template's text and the functions' zip."""

    template: Path
    code: Path


def package(paths: Paths, stage: str, catalogue: bytes) -> Package:
    """Package functions/ with `catalogue` beside the shop's modules, anew only when these changed; return it."""
    project = _project(paths, stage, catalogue)
    out = paths.build / f"package-{stage}"
    made = Package(out / "template.json", out / "functions.zip")
    merge = paths.root / "infra" / "stack.yaml"
    salt = (stage, sys.version, importlib.metadata.version("chalice"))
    wanted = digest(project, merge, Path(__file__), salt=salt)
    stamp = out / "digest"
    if stamp.exists() and stamp.read_text() == wanted:
        return made
    shutil.rmtree(out, ignore_errors=True)
    _chalice(project, stage, merge, out)
    # Chalice's template has aliases, and CloudFormation's YAML has none.
    template = yaml.load((out / "sam.yaml").read_text(), yaml.CSafeLoader)
    made.template.write_text(json.dumps(template, indent=1), encoding="utf-8")
    _compiled(out / "deployment.zip", made.code)
    stamp.write_text(wanted)
    return made


def _project(paths: Paths, stage: str, catalogue: bytes) -> Path:
    """Copy functions/ to where it is packaged for `stage`, and return that folder."""
    project = paths.build / f"functions-{stage}"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(paths.functions, project, ignore=NOT_PACKAGED)
    (project / CATALOGUE).write_bytes(catalogue)
    if stage == LOCAL:
        _for_this_machine(project)
    return project


def _for_this_machine(project: Path) -> None:
    """Copy this environment's libraries into the project: Lambda's wheels run on one system and processor only."""
    requirements = project / "requirements.txt"
    for line in requirements.read_text().splitlines():
        name, _, version = line.partition("#")[0].strip().partition("==")
        if name:
            _copy_distribution(name, version, project / "vendor")
    requirements.write_text("")
    config = project / ".chalice" / "config.json"
    settings = json.loads(config.read_text())
    settings["lambda_architecture"] = "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
    config.write_text(json.dumps(settings))


def _copy_distribution(name: str, version: str, vendor: Path) -> None:
    found = importlib.metadata.distribution(name)
    if found.version != version:
        raise Refusal(
            f"functions/requirements.txt wants {name} {version}, but {found.version} is installed:"
            " run `make lock`, then `make up`"
        )
    for file in found.files or ():
        if file.suffix != ".pyc" and ".." not in file.parts:
            target = vendor / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)


def _chalice(project: Path, stage: str, merge: Path, out: Path) -> None:
    # Chalice asks for a region to name service principals, which are alike in all of them; and it has no -m.
    environ = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", stage]
    command += ["--merge-template", str(merge.resolve()), str(out.resolve())]
    done = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Refusal(f"chalice cannot package the functions:\n{done.stdout}{done.stderr}".rstrip())


def _compiled(source: Path, target: Path) -> None:
    """Write the zip with compiled modules: /var/task is read-only, so every cold start would compile them again."""
    folder = source.parent / "unpacked"
    with zipfile.ZipFile(source) as packed:
        packed.extractall(folder)
    # In a process of its own with a fixed hash seed: bytecode differs with what a process has done before.
    command = [sys.executable, "-m", "compileall", "-q", "-s", str(folder), "-p", "/var/task"]
    command += ["--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S603
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder)
            if path.suffix in UNUSED or name.parts[0] in COMPILERS:
                continue
            entry = zipfile.ZipInfo(name.as_posix(), EPOCH)  # equal bytes for equal code
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
    shutil.rmtree(folder)
    source.unlink()


def catalogue_of(code: bytes) -> bytes:
    """Return the catalogue that a functions' zip was packaged with."""
    with zipfile.ZipFile(io.BytesIO(code)) as packed:
        return packed.read(CATALOGUE)


def with_catalogue(code: bytes, catalogue: bytes) -> bytes:
    """Return a functions' zip with another catalogue in it; all else is as it was."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(code)) as packed, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in packed.infolist():
            target.writestr(entry, catalogue if entry.filename == CATALOGUE else packed.read(entry))
    return made.getvalue()


def program_of(code: bytes) -> str:
    """Return a SHA-256 of the shop's own modules in a functions' zip: libraries and catalogue do not count."""
    with zipfile.ZipFile(io.BytesIO(code)) as packed:
        return _program({name: packed.read(name) for name in packed.namelist() if _is_program(name)})


def program_here(paths: Paths) -> str:
    """Return the same of the shop's modules as they lie on this computer."""
    found = {path.relative_to(paths.functions).as_posix(): path for path in paths.functions.rglob("*")}
    return _program({name: path.read_bytes() for name, path in found.items() if _is_program(name) and path.is_file()})


def _is_program(name: str) -> bool:
    is_own = name == "app.py" or (name.startswith("chalicelib/") and not name.endswith("/"))
    return is_own and name != CATALOGUE and "__pycache__" not in name


def _program(modules: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(modules):
        total.update(f"\0{name}\0{len(modules[name])}\0".encode() + modules[name])
    return total.hexdigest()
