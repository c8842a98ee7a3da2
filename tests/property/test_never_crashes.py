"""Whatever the bytes are: a disclosure or a reason in words, and never anything else."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from pipeline.documents.detect import read_document
from pipeline.documents.model import UnreadableDocument
from pipeline.forms.disclosure import Disclosure
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from tests.support import T5_ROWS, statement
from tools.typeset.sample import read_samples
from tools.typeset.text import write_cell_lines, write_tab_rows
from tools.typeset.word import write_word

Mutation = tuple[int, int, bytes]  # where, how many bytes go, what comes instead
mutations = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(0, 64), st.binary(max_size=24) | st.sampled_from([b"\t", b"\n", b"<", b"."])
    ),
    min_size=1,
    max_size=8,
)
profile = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@cache
def originals() -> dict[str, bytes]:
    layout = next(sample for sample in read_samples() if "130500" in sample.file_name).layout()
    tab = write_tab_rows(layout).encode()
    return {"docx": write_word(layout), "tab rows": tab, "cell lines": write_cell_lines(layout).encode()}


def outcome(data: bytes, name: str = "file") -> Disclosure | str:
    """A disclosure, or the reason why not."""
    try:
        return understand(read_document(data, name), load_forms())
    except UnreadableDocument as error:
        return str(error)


def assert_sound(result: Disclosure | str) -> None:
    if isinstance(result, str):
        assert result.strip()
        return
    assert 2000 <= result.fiscal_year < 2100
    assert len({(f.part, f.statement, f.row_order, f.item, f.measure) for f in result.figures}) == len(result.figures)
    for issue in result.issues:
        assert issue.what


@pytest.mark.parametrize("kind", ["docx", "tab rows", "cell lines"])
@profile
@given(changes=mutations)
def test_changed_bytes_give_a_disclosure_or_a_reason(kind: str, changes: list[Mutation]) -> None:
    data = bytearray(originals()[kind])
    for where, gone, new in changes:
        start = where % len(data)
        data[start : start + gone] = new
    assert_sound(outcome(bytes(data)))


@pytest.mark.parametrize("kind", ["docx", "tab rows", "cell lines"])
@settings(profile, max_examples=25)
@given(share=st.floats(0, 1))
@example(share=0.0)
@example(share=1.0)
def test_a_truncated_file_gives_a_disclosure_or_a_reason(kind: str, share: float) -> None:
    data = originals()[kind]
    assert_sound(outcome(data[: int(len(data) * share)]))


@settings(profile, max_examples=150)
@given(data=st.binary(max_size=300))
@example(data=b"")
@example(data=b"PK\x03\x04")
@example(data=b"%PDF-1.7")
@example(data=b"\xff\xfe")
def test_any_bytes_give_a_disclosure_or_a_reason(data: bytes) -> None:
    assert_sound(outcome(data))


WORDS = ("", "合计", "201", "20103", "一般公共服务支出", "栏次", "单位：元", "空表", "其中：", "2023")
NUMBERS = ("1", "2", "100.00", "5", "1,", "(", "-")
CELLS = st.sampled_from(WORDS + NUMBERS)


@settings(profile, max_examples=150)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=12), keep_header=st.booleans())
def test_any_table_below_a_title_gives_a_disclosure_or_a_reason(rows: list[list[str]], keep_header: bool) -> None:
    lines = ["|".join(row) for row in rows]
    for which in ("T5", "T1", "T9"):
        assert_sound(outcome(statement(which, lines, header=None if keep_header else []).encode()))


def test_the_originals_are_disclosures_with_figures() -> None:
    for data in originals().values():
        found = outcome(data)
        assert isinstance(found, Disclosure) and len(found.figures) == 126
    assert isinstance(outcome(statement("T5", T5_ROWS).encode()), Disclosure)
