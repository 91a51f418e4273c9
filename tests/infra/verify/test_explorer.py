"""The explorer, on models that are read at a glance."""

from collections.abc import Iterator

from cunbo.verify.explorer import explore


class Till:
    """A till from which two clerks sell `units`, each by looking first and taking then: `guarded` looks again."""

    name = "till"

    def __init__(self, units: int, guarded: bool) -> None:
        self.units, self.guarded = units, guarded

    def begin(self) -> tuple[int, str, str]:
        return self.units, "idle", "idle"

    def moves(self, state: tuple[int, str, str]) -> Iterator[tuple[str, tuple[int, str, str]]]:
        left, *clerks = state
        for index, clerk in enumerate(clerks):
            others = clerks.copy()
            if clerk == "idle" and left:
                others[index] = "looked"
                yield f"clerk {index + 1} looks", (left, *others)  # type: ignore[misc]
            elif clerk == "looked":
                others[index] = "idle"
                took = left - 1 if left or not self.guarded else left
                yield f"clerk {index + 1} takes", (took, *others)  # type: ignore[misc]

    def key(self, state: tuple[int, str, str]) -> bytes:
        return repr(state).encode()

    def broken(self, state: tuple[int, str, str]) -> str | None:
        return "more is sold than there is" if state[0] < 0 else None

    def broken_by(self, before: object, words: str, after: object) -> str | None:
        return None

    def rests(self, state: tuple[int, str, str]) -> bool:
        return not any(self.moves(state))

    def unfinished(self, state: tuple[int, str, str]) -> str | None:
        return "something is left" if state[0] else None


def test_all_states_are_visited_and_nothing_is_wrong_where_nothing_is() -> None:
    found = explore(Till(1, guarded=True))
    assert found.violation is None
    # With a unit: nobody, either or both have looked; without one the same but for whoever has just taken it.
    assert (found.states, found.edges, found.depth) == (7, 10, 3)


def test_a_violation_is_told_by_the_shortest_way_there_in_words() -> None:
    found = explore(Till(1, guarded=False)).violation
    assert found
    assert found.what == "more is sold than there is"
    assert found.moves == ("clerk 1 looks", "clerk 2 looks", "clerk 1 takes", "clerk 2 takes")
    assert str(found).splitlines()[1] == "   1. clerk 1 looks"


def test_a_state_that_rests_unfinished_is_found() -> None:
    class Lazy(Till):
        def moves(self, state: tuple[int, str, str]) -> Iterator[tuple[str, tuple[int, str, str]]]:
            return (move for move in super().moves(state) if state[0] > 1 or "looked" in state)

    found = explore(Lazy(2, guarded=True)).violation
    assert found and found.what == "nothing more comes of it, and something is left"


def test_an_edge_that_differs_elsewhere_is_told() -> None:
    found = explore(Till(1, guarded=True), lambda _, words, __: "differs" if "takes" in words else None).violation
    assert found and (found.what, found.moves) == ("differs", ("clerk 1 looks", "clerk 1 takes"))
