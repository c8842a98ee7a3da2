"""The search for the documents that a build is refused for: it finds them, and it ends."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.culprits import find_culprits

NAMES = [f"d{n}" for n in range(12)]


class Builds:
    """Refuses a build with any of the bad documents, or with both of a pair."""

    def __init__(self, bad: set[str], pair: frozenset[str] = frozenset()) -> None:
        self.bad, self.pair, self.made = bad, pair, 0

    def __call__(self, documents: Sequence[str]) -> str | None:
        self.made += 1
        found = self.bad & set(documents) or (self.pair if self.pair and self.pair <= set(documents) else set[str]())
        return f"refused for {len(found)}" if found else None


@settings(deadline=None)
@given(st.sets(st.sampled_from(NAMES), min_size=1, max_size=2), st.sets(st.sampled_from(NAMES), max_size=5))
def test_the_bad_documents_are_found_whatever_is_suspected(bad: set[str], suspects: set[str]) -> None:
    found = find_culprits(NAMES, "refused", suspects, Builds(bad))
    assert found is not None and set(found) == bad


def test_one_that_the_rows_name_is_found_with_one_build() -> None:
    build = Builds({"d5"})
    assert find_culprits(NAMES, "refused: d5", ["d5"], build) == {"d5": "refused: d5"}
    assert build.made == 2  # the same one twice: the caller remembers


def test_one_that_nothing_names_is_found_by_halves() -> None:
    build = Builds({"d7"})
    assert find_culprits(NAMES, "refused", [], build) is not None
    assert build.made <= 7


def test_of_two_that_exclude_each_other_the_later_one_is_set_aside() -> None:
    found = find_culprits(NAMES, "refused", ["d2", "d9"], Builds(set(), frozenset({"d2", "d9"})))
    assert found is not None and set(found) == {"d9"}


def test_a_build_that_is_refused_whatever_is_in_it_is_nobodys_fault() -> None:
    assert find_culprits(NAMES, "refused", ["d1"], lambda _: "the SQL is wrong") is None
    assert find_culprits(["d1"], "refused", [], lambda _: "the SQL is wrong") is None
