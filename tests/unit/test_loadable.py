"""Numbers that no table can hold exactly are doubts of their place; whatever is loaded fits."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.extraction.schema import AMOUNT, NUMBER
from pipeline.forms.loadable import TOO_FINE, TOO_LARGE, not_loadable
from tests.support import T5_ROWS, doubts, read, statement
from tests.unit.test_claims import read as read_claims


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False), st.booleans())
@example(Decimal("9" * 60), True)
@example(Decimal("0.00000001"), False)
@example(Decimal("-1E+400"), False)
def test_whatever_is_loaded_fits_its_column(value: Decimal, is_money: bool) -> None:
    if not_loadable(value, is_money=is_money) is None:
        assert pa.scalar(value, AMOUNT if is_money else NUMBER).as_py() == value


@pytest.mark.parametrize(
    ("printed", "what"), [("9" * 40, TOO_LARGE), ("9" * 11 + ".00", TOO_LARGE), ("0.0000001", TOO_FINE)]
)
def test_in_a_statement_the_number_is_left_out_with_an_error(printed: str, what: str) -> None:
    found = read(statement("T5", (*T5_ROWS[:4], f"5|2010302|一般行政管理事务|{printed}||40.00")))
    assert (what, printed) in doubts(found, "error")
    assert "40.00" in {f.text_as_printed for f in found.figures}


@pytest.mark.parametrize("printed", ["9" * 40, "1.123456789"])
def test_in_the_prose_the_number_is_left_out_with_an_error(printed: str) -> None:
    claims, found = read_claims("overview", f"2023年支出预算{printed}万元，其中基本支出5万元。")
    assert [claim.text for claim in claims] == ["5"]
    assert [issue.severity for issue in found.issues] == ["error"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2022年执行数为15.00万，增加原因是馆藏增加。", [("15.00", "万元", 150_000)]),
        ("档案数字化项目预算数20万。", [("20", "万元", 200_000)]),
        ("购置图书15万，", []),  # of what?
    ],
)
def test_wan_without_yuan_is_money_where_the_sentence_speaks_of_it(
    sentence: str, expected: list[tuple[str, str, int | None]]
) -> None:
    claims, found = read_claims("overview", sentence)
    assert [(claim.text, claim.unit, claim.amount_yuan and int(claim.amount_yuan)) for claim in claims] == expected
    assert "warning" in {issue.severity for issue in found.issues}
