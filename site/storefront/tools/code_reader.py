"""Refreshes site/assets/zxing, which reads codes where the browser does not, from npm's `zxing-wasm`: `make reader`.

The files are carried as they were published, since whoever builds the site may have neither Node nor network. The
package is held to infra/reader/package-lock.json by its hash, and its program to the hash that its script names. The
script is made a module, which the page loads only when a camera is used:
infra/docs/decisions/2026-11-29-codes-are-read-by-zxing.md says why.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

CARRIED = Path(__file__).resolve().parents[2] / "assets" / "zxing"
SCRIPT, PROGRAM = "zxing.mjs", "zxing.wasm"
HASH = re.compile(r"ZXING_WASM_SHA256=`([0-9a-f]{64})`")
HEAD = """/*! {name} {version}, the reader: licences.txt beside this file. Made by storefront/tools/code_reader.py. */
"""


def read(package: Path) -> dict[str, bytes]:
    """Return the files to carry, by name, of the unpacked release `package`.

    Raise ValueError where its program is not the one that its script was made for.
    """
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    script = (package / "dist/iife/reader/index.js").read_text(encoding="utf-8")
    program = (package / "dist/reader/zxing_reader.wasm").read_bytes()
    check(script, program)
    module = f"{HEAD.format_map(about)}{script.strip()}\nexport const {{prepareZXingModule,readBarcodes}}=ZXingWASM;\n"
    return {SCRIPT: module.encode(), PROGRAM: program}


def check(script: str, program: bytes) -> None:
    """Raise ValueError where the program is not the one that the script was made for."""
    named = HASH.search(script)
    if named is None or named[1] != hashlib.sha256(program).hexdigest():
        raise ValueError("script and program are of two releases: carry both from one, by make reader")


if __name__ == "__main__":
    CARRIED.mkdir(exist_ok=True)
    for name, data in read(Path(sys.argv[1])).items():
        (CARRIED / name).write_bytes(data)
        print(f"{CARRIED / name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
