"""What the annexes say of the body where no statement does."""

from __future__ import annotations

import pytest

from pipeline.annexes.read import read_annexes
from pipeline.documents.detect import read_document
from pipeline.forms.figures import understand
from pipeline.forms.form import load_forms
from pipeline.forms.titles import choose_form
from tests.support import table

ANNEX = (
    "项目名称|采购物品名称|数量|单价|合计",
    "设备经费|计算机|1|2.00|2.00",
)


def code(*above: str, statement: str = "") -> str | None:
    named = "某市财政局2023年部门预算\n\n现将某市财政局2023年部门预算公开如下\n\n"
    text = f"{named}{statement}六、政府采购预算情况\n\n部门政府采购预算\n\n"
    document = read_document(f"{text}{table([*above, *ANNEX])}\n".encode(), "capture.txt")
    forms = load_forms()
    disclosure, _ = read_annexes(document, choose_form(document, forms), understand(document, forms))
    assert disclosure.parts[0].body_name == "某市财政局"
    return disclosure.parts[0].body_code


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (("151某市财政局|||||单位：万元",), "151"),
        (("151 某市财政局||||",), "151"),
        (("某市财政局||||",), None),
        (("151某市教育局||||",), None),
        (("151某市财政局||||", "152某市财政局||||"), None),
    ],
)
def test_the_code_above_an_annex_is_the_bodys(above: tuple[str, ...], expected: str | None) -> None:
    assert code(*above) == expected


def test_the_code_of_the_statements_counts_before_it() -> None:
    statement = "部门预算收支总表\n\n434 某市财政局\n单位：万元\n\n" + table(["收入总计|1.00|支出总计|1.00"]) + "\n\n"
    assert code("151某市财政局||||", statement=statement) == "434"
