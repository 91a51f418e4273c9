"""The program that reads codes is the one that its script was made for, and the one that the lock names."""

import json

import pytest
from storefront.tools.code_reader import CARRIED, PROGRAM, SCRIPT, check

from tests.site.helpers.built import REPO

TEXT = (CARRIED / SCRIPT).read_text(encoding="utf-8")


def test_script_and_program_are_of_the_release_that_the_lock_names() -> None:
    check(TEXT, (CARRIED / PROGRAM).read_bytes())
    lock = json.loads((REPO / "infra/reader/package-lock.json").read_text(encoding="utf-8"))
    assert f"zxing-wasm {lock['packages']['node_modules/zxing-wasm']['version']}," in TEXT.splitlines()[0]


def test_a_program_of_another_release_is_refused() -> None:
    with pytest.raises(ValueError, match="two releases"):
        check(TEXT, b"\0asm")


def test_the_script_makes_no_code_of_text() -> None:
    assert not {name for name in ("eval(", "new Function", "document.write", "innerHTML") if name in TEXT}


def test_its_licences_are_published_beside_it() -> None:
    told = (CARRIED / "licences.txt").read_text(encoding="utf-8")
    assert "MIT License" in told and "Apache License" in told and "Version 2.0" in told
