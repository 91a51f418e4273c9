"""Each use case, cut off before and after each of its writes: it ends as if nothing had happened.

The process is gone, and with it its answer. Whoever asked it asks again, the consumer and the sweep come by, and what
there is then is held against the same story without the end of a process. **To add a use case, add a line to
`STORIES`**; a wrong number of writes is told by a test.
"""

import pytest

from tests.functions.helpers.crash_points import Side
from tests.functions.scenarios.crashes.lives import calm, live
from tests.functions.scenarios.crashes.stories import POINTS, STORIES


@pytest.mark.parametrize("name", STORIES)
def test_every_write_of_a_use_case_is_a_point_where_it_is_cut_off(name: str) -> None:
    assert calm(name).writes == STORIES[name].writes


@pytest.mark.parametrize(("name", "write", "side"), POINTS)
def test_a_use_case_that_was_cut_off_and_asked_for_again_ends_as_if_it_had_not_been(
    name: str, write: int, side: Side
) -> None:
    end, undisturbed = live(name, (write, side)), calm(name)
    assert end.snapshots == undisturbed.snapshots
    assert (end.letters, end.repaid) == (undisturbed.letters, undisturbed.repaid)
