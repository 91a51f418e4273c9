"""What the command says when it cannot do what it was asked."""


class Refusal(Exception):
    """What stands in the way, in one line, and how to mend it; the command prints it and leaves with 2."""
