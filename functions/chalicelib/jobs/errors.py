"""How a job names an error that it goes on after."""

import traceback


def origin(error: Exception) -> str:
    """Return an error's type and place; its text may hold a buyer's words, and is not for a log."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {where.name}, line {where.lineno}"
