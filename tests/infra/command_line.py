"""Runs a command as a person at a terminal does."""

import pytest
from cunbo import cli


def run(*arguments: str) -> object:
    """Run `cunbo` with these arguments and return its exit code."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    return left.value.code
