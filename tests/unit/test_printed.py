"""Printed text → numbers, codes, labels: every way to print an amount, and what is no amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.forms.printed import (
    code_digits,
    decimals,
    is_blank,
    parse_amount,
    parse_ordinal,
    squash,
    strip_enumerator,
    well_formed,
)

FULL_WIDTH = str.maketrans("0123456789.,-+()", "０１２３４５６７８９．，－＋（）")
AMOUNTS = st.decimals(-(10**12), 10**12, places=2) | st.decimals(-(10**6), 10**6, places=0)


@given(
    amount=AMOUNTS,
    thousands=st.booleans(),
    full_width=st.booleans(),
    negative=st.sampled_from(("-{}", "({})", "△{}", "▲{}", "\u2212{}")),
    around=st.sampled_from(("{}", " {} ", "{}\n", "\u3000{}")),
)
def test_every_printed_form_of_an_amount_reads_back(
    amount: Decimal, thousands: bool, full_width: bool, negative: str, around: str
) -> None:
    text = f"{abs(amount):,}" if thousands else f"{abs(amount)}"
    text = negative.format(text) if amount < 0 else text
    text = around.format(text.translate(FULL_WIDTH) if full_width else text)
    assert parse_amount(text) == amount


@given(amount=st.decimals(0, 10**9, places=2), torn=st.integers(1, 2))
def test_digits_torn_off_behind_the_point_are_joined(amount: Decimal, torn: int) -> None:
    text = str(amount)
    assert parse_amount(f"{text[:-torn]} {text[-torn:]}") == amount


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals(0, 10**6, places=2),
    st.sampled_from((" ", "\n", "  ", "\u3000")),
)
def test_two_amounts_in_one_cell_are_never_one(first: Decimal, second: Decimal, gap: str) -> None:
    assert parse_amount(f"{first}{gap}{second}") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("7401.9 5", "7401.95"),
        ("7401.9\n5", "7401.95"),
        ("7401 .95", "7401.95"),
        ("7401. 95", "7401.95"),
        ("1, 234.50", "1234.50"),
        ("15621112\n3", "156211123"),  # a full line, and what did not fit on it
    ],
)
def test_a_number_in_pieces_is_joined_where_they_cannot_be_two_numbers(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["100 24.00", "12 34", "1\n2", "100\n200", "15621112 3", "7 8 9", "1 234.50", "100.24 24", "100.2 24"]
)
def test_a_number_in_pieces_that_may_be_two_is_none(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "—", "1,23.4", "12,3456", "1.2.3", "12a", "１２万", "--1", "(3.2", "3.2)", "1,,234", ".5", "5.", "100²", "①"],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize("text", ["", " ", "\n", "-", "——", "—", "/", "－", "\u3000"])
def test_empty_cells_and_dashes_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "0.00", "０", "-1", "未定"])
def test_a_printed_zero_and_words_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(st.integers(0, 9999))
def test_ordinals_read_back_in_any_width(number: int) -> None:
    assert parse_ordinal(str(number).translate(FULL_WIDTH)) == number


@pytest.mark.parametrize("text", ["", "10.5", "一", "12345", "栏次", "-1"])
def test_what_is_no_ordinal_is_none(text: str) -> None:
    assert parse_ordinal(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [("2010301", "2010301"), ("201030 1", "2010301"), ("２０１", "201"), ("合计", ""), ("201款", ""), ("", "")],
)
def test_a_code_is_its_digits_joined_and_nothing_else(text: str, digits: str) -> None:
    assert code_digits(text) == digits


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("一、一般公共服务支出", "一般公共服务支出"),
        ("二十三、灾害防治及应急管理支出", "灾害防治及应急管理支出"),
        ("(二)公务接待费", "公务接待费"),
        ("1.公务接待费", "公务接待费"),
        ("12、公务接待费", "公务接待费"),
        ("其中:公务用车购置费", "公务用车购置费"),
        ("一般公共服务支出", "一般公共服务支出"),
        ("三公经费小计", "三公经费小计"),
    ],
)
def test_an_enumerator_is_taken_off_and_a_label_that_begins_with_a_number_word_stays(label: str, plain: str) -> None:
    assert strip_enumerator(label) == plain


def test_labels_compare_without_white_space_quotes_and_width() -> None:
    assert squash(" “三公” 经费（小 计）\n") == squash("三公经费(小计)") == "三公经费(小计)"


@pytest.mark.parametrize(("text", "count"), [("1.50", 2), ("1", 0), ("1.", 0), ("8916.8 2", 2), ("１．２", 1)])
def test_digits_behind_the_point_are_counted_as_printed(text: str, count: int) -> None:
    assert decimals(text) == count


@pytest.mark.parametrize(("text", "sound"), [("002.08", False), ("-01", False), ("0.50", True), ("0", True)])
def test_needless_leading_zeros_are_seen(text: str, sound: bool) -> None:
    assert well_formed(text) is sound
