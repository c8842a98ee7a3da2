"""The typesetter's PDF: same bytes, every text and every figure where it says, on pages that break as asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.documents.readers.pdf_fonts import draw_with_installed_fonts, read_without_installed_fonts
from tools.typeset import hebei, shanghai
from tools.typeset.__main__ import main
from tools.typeset.layout import ContentsLine, Figure, Layout, LayoutBlock, Line, PageBreak, Table, TableCell, Title
from tools.typeset.model import CODED_STATEMENTS, STATEMENTS, Disclosure, Row, Statement
from tools.typeset.paginate import wrap
from tools.typeset.pdf import Typeset, typeset, write_pdf
from tools.typeset.sample import from_texts, read_samples, write_samples
from tools.typeset.strategy import disclosures, page_styles, printings, shanghai_disclosures, styles
from tools.typeset.style import Engine, PageStyle, Style
from tools.typeset.truetype import embedded_font

ROOT = Path(__file__).parents[2]
ENGINES: tuple[Engine, ...] = get_args(Engine)
PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def sample() -> Layout:
    (found,) = [sample for sample in read_samples() if "130529" in sample.file_name]
    return found.layout()


def squeezed(text: str) -> str:
    """Without white space and the mark that pdfium puts where a word is hyphenated."""
    return re.sub(r"[\s\x02\ufffe]", "", text)


@contextmanager
def opened(data: bytes, fonts: Callable[[], None] = read_without_installed_fonts) -> Iterator[pdfium.PdfDocument]:
    """As the readers open it: what embeds no font is read alike on every machine."""
    fonts()
    document = pdfium.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def page_texts(data: bytes) -> list[str]:
    with opened(data) as document:
        return [document[index].get_textpage().get_text_bounded() for index in range(len(document))]


def grid(rows: Sequence[Sequence[str]], header_rows: int = 1, widths: tuple[float, ...] = ()) -> Table:
    """A table; a text that is a number is a figure."""
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            number = row >= header_rows and column > 1 and bool(re.fullmatch(r"[\d.]+", text))
            figure = Figure("revenue", row, "", "", "total", text, text) if number else None
            cells.append(TableCell(row, column, text, align="right" if figure else "left", figure=figure))
    return Table(tuple(cells), len(rows), len(rows[0]), header_rows, widths)


def layout(*blocks: LayoutBlock) -> Layout:
    return Layout("题目", blocks)


def long_table(rows: int = 60, label: str = "一般公共服务支出") -> Table:
    return grid([("序号", "科目名称", "合计"), *((str(row), label, f"{row}.50") for row in range(1, rows + 1))])


def assert_figures_stand_in_their_boxes(printed: Typeset, figures: Sequence[Figure], bold: bool) -> None:
    assert [figure for figure, _, _ in printed.cells] == list(figures)
    with opened(printed.data) as document:
        assert len(document) == printed.page_count
        texts: dict[int, Any] = {}
        for cell in printed.printed:
            if cell.page not in texts:
                texts[cell.page] = document[cell.page - 1].get_textpage()
            found = squeezed(texts[cell.page].get_text_bounded(*cell.bbox))
            wanted = squeezed(cell.text)
            # fake bold: pdfium drops the second drawing of most texts, not of all
            assert found == wanted or (bold and set(found) == set(wanted)), cell


class TestSameBytes:
    @pytest.mark.parametrize("engine", ENGINES)
    def test_the_same_layout_gives_the_same_bytes(self, engine: Engine) -> None:
        page = PageStyle(engine=engine, form=True, fake_bold=True)
        first = write_pdf(sample(), page)
        write_pdf(layout(Title("另一份文件"), long_table()), page)  # leaves nothing behind
        assert write_pdf(sample(), page) == first

    def test_another_process_with_another_hash_order_writes_the_same(self, tmp_path: Path) -> None:
        code = (
            "import sys; from tools.typeset.sample import read_samples; from tools.typeset.pdf import write_pdf\n"
            "from tools.typeset.style import PageStyle\n"
            "layout = next(s for s in read_samples() if '130529' in s.file_name).layout()\n"
            f"for e in {ENGINES!r}: sys.stdout.buffer.write(write_pdf(layout, PageStyle(engine=e)))"
        )
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment)
        assert run.stdout == b"".join(write_pdf(sample(), PageStyle(engine=engine)) for engine in ENGINES)

    @pytest.mark.parametrize("engine", ENGINES)
    def test_no_time_in_the_file(self, engine: Engine) -> None:
        data = write_pdf(sample(), PageStyle(engine=engine))
        dates = re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d{4})", data)
        assert set(dates) <= {b"2000"}  # reportlab's fixed date


class TestTexts:
    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("compress", [False, True])
    def test_pdfium_reads_every_text(self, engine: Engine, compress: bool) -> None:
        data = write_pdf(sample(), PageStyle(engine=engine, compress=compress, columns="layout"))
        found = squeezed("".join(page_texts(data)))
        for block in sample().blocks:
            if isinstance(block, Title | Line | ContentsLine):
                assert squeezed(block.text) in found
            elif isinstance(block, Table):
                for cell in block.cells:
                    assert cell.row < block.header_rows or squeezed(cell.text) in found, cell

    @pytest.mark.parametrize("engine", ENGINES)
    def test_what_is_printed_can_be_seen(self, engine: Engine) -> None:
        printed = typeset(layout(long_table(3)), PageStyle(engine=engine))
        with opened(printed.data, draw_with_installed_fonts) as document:
            image = document[0].render(scale=2, grayscale=True).to_numpy()
        for cell in printed.printed:
            x0, y0, x1, y1 = (round(2 * side) for side in cell.bbox)
            inside = image[image.shape[0] - y1 + 3 : image.shape[0] - y0 - 3, x0 + 3 : x1 - 3]
            assert inside.min() < 128 and inside.mean() > 180

    def test_without_a_unicode_map_the_text_is_lost(self) -> None:
        lines = layout(Line("部门预算收支总表"))
        assert "部门" in page_texts(write_pdf(lines))[0]
        data = write_pdf(lines, PageStyle(unicode_map=False))
        assert b"ToUnicode" not in data and "部门" not in page_texts(data)[0]

    def test_a_character_that_the_font_lacks_is_named(self) -> None:
        for engine in cast("tuple[Engine, ...]", ("simple", "composite")):
            with pytest.raises(ValueError, match=r"U\+20000"):
                write_pdf(layout(Line("\U00020000")), PageStyle(engine=engine))

    def test_the_font_prints_every_name_of_the_classification(self) -> None:
        for path in (ROOT / "pipeline" / "reference").glob("*.csv"):
            for character in set(path.read_text(encoding="utf-8")) - {"\n", "\r"}:
                assert embedded_font().glyph(character)

    def test_wrapping(self) -> None:
        def lines(text: str, room: float) -> list[str]:
            return wrap(text, room, 10, lambda character: 500 if character.isascii() else 1000)

        assert lines("一般公共", 25) == ["一般", "公共"]
        assert lines("合计1216.27", 40) == ["合计", "1216.27"]
        assert lines("1216.27", 20) == ["1216", ".27"]
        assert lines("项  目", 30) == ["项  目"] and lines("项  目", 20) == ["项", "目"]
        assert lines("", 20) == [""]


class TestPlaces:
    @PROPERTY
    @given(disclosures(), styles(), page_styles().map(lambda page: replace(page, radicals=False, sideways=False)))
    def test_every_figure_stands_in_its_box(self, disclosure: Disclosure, style: Style, page: PageStyle) -> None:
        printed = hebei.lay_out(disclosure, style)
        assert_figures_stand_in_their_boxes(typeset(printed, page), printed.figures(), page.fake_bold)

    @PROPERTY
    @given(
        shanghai_disclosures(),
        styles(),
        printings(),
        page_styles().map(lambda page: replace(page, radicals=False, sideways=False)),
    )
    def test_also_in_the_second_form(
        self, disclosure: Disclosure, style: Style, printing: shanghai.Printing, page: PageStyle
    ) -> None:
        printed = shanghai.lay_out(disclosure, style, printing)
        count = sum(len(row.figures) for statement in disclosure.statements.values() for row in statement.rows)
        assert len(printed.figures()) == count
        assert_figures_stand_in_their_boxes(typeset(printed, page), printed.figures(), page.fake_bold)

    def test_a_turned_page_has_boxes_in_both_ways(self) -> None:
        upright = typeset(layout(long_table(3)))
        turned = typeset(layout(long_table(3)), PageStyle(rotate=90))
        assert [cell.shown for cell in upright.printed] == [cell.shown for cell in turned.printed]
        assert all(cell.bbox == cell.shown for cell in upright.printed)
        with opened(turned.data) as document:
            assert document[0].get_rotation() == 90 and document[0].get_mediabox()[2] < 600
            assert document[0].get_size()[0] > 800  # as a reader sees it: landscape

    def test_boxes_cover_the_table_without_gaps(self) -> None:
        printed = typeset(layout(grid([("甲", "乙"), ("1", "2")])))
        first, second, third, fourth = (cell.bbox for cell in printed.printed)
        assert first[2] == second[0] and third[3] == first[1] and fourth[:1] == second[:1]

    @pytest.mark.parametrize("form", [False, True])
    @pytest.mark.parametrize("engine", ENGINES)
    def test_tables_inside_form_objects(self, engine: Engine, form: bool) -> None:
        with opened(write_pdf(sample(), PageStyle(engine=engine, form=form))) as document:
            kinds = {thing.type for thing in document[2].get_objects(max_depth=1)}
        assert (pdfium.raw.FPDF_PAGEOBJ_FORM in kinds) is form

    def test_rules(self) -> None:
        table = layout(grid([("甲", "乙"), ("1", "2")]))
        plain = PageStyle(footer="none")
        assert write_pdf(table, plain).count(b" l S") == 6
        assert write_pdf(table, from_texts(PageStyle, {"open_sides": "true", "footer": "none"})).count(b" l S") == 4
        bars = write_pdf(table, PageStyle(rules="rectangles", footer="none"))
        assert bars.count(b" re f") == 12 and b" l S" not in bars
        assert b"0.1 w" in write_pdf(table, PageStyle(rules="hairline"))
        assert b"] 0 d" in write_pdf(table, PageStyle(rules="dashed"))
        assert write_pdf(table, PageStyle(rules="boxes")).count(b" re S") == 4
        assert write_pdf(table, PageStyle(header_fill="blue")).count(b" re f") == 2


class TestPageBreaks:
    @pytest.mark.parametrize("repeat", [True, False])
    def test_a_header_on_each_page_or_on_the_first_only(self, repeat: bool) -> None:
        printed = typeset(layout(long_table()), PageStyle(repeat_header=repeat))
        pages = [text.split() for text in page_texts(printed.data)]
        assert len(pages) == 3
        assert ["科目名称" in page for page in pages] == [True, repeat, repeat]
        rows = [cell.text for cell in printed.printed if cell.cell.column == 0 and cell.cell.row]
        assert rows == [str(number) for number in range(1, 61)]
        assert {cell.part for cell in printed.printed if cell.page == 2} == {1}

    def test_a_row_is_cut_by_the_page_break(self) -> None:
        label = "一般公共服务支出与其他各项支出" * 9
        table = grid(
            [("序号", "科目名称", "合计"), *((str(row), label, f"{row}.50") for row in range(1, 30))],
            widths=(0.1, 0.2, 0.7),
        )
        cut = typeset(layout(table), PageStyle(columns="layout", split_rows=True))
        rows: dict[int, list[str]] = {}
        pages: dict[int, list[int]] = {}
        for cell in cut.printed:
            if cell.cell.row and cell.cell.column == 1:
                rows.setdefault(cell.cell.row, []).append(cell.text)
                pages.setdefault(cell.cell.row, []).append(cell.page)
        parts = {row: texts for row, texts in rows.items() if len(texts) > 1}
        assert parts and all("".join(texts) == label for texts in rows.values())
        assert all(pages[row] == [pages[row][0], pages[row][0] + 1] for row in parts)
        for row in parts:  # the rest has neither a number nor a figure
            rest = [cell.text for cell in cut.printed if cell.cell.row == row and cell.page == pages[row][1]]
            assert rest == ["", parts[row][1], ""]
        assert [figure for figure, _, _ in cut.cells] == layout(table).figures()
        whole = typeset(layout(table), PageStyle(columns="layout"))
        assert len({(cell.cell.row, cell.cell.column) for cell in whole.printed if cell.cell.row}) == 29 * 3
        assert len([cell for cell in whole.printed if cell.cell.row]) == 29 * 3
        assert whole.page_count >= cut.page_count

    def test_a_row_larger_than_a_page_is_cut_in_any_case(self) -> None:
        text = "绩效目标" * 400
        table = grid([("序号", "内容", "金额"), ("1", text, "5.00"), ("2", "短", "6.00")], widths=(0.1, 0.2, 0.7))
        printed = typeset(layout(table), PageStyle(columns="layout"))
        texts = [cell.text for cell in printed.printed if cell.cell.row == 1 and cell.cell.column == 1]
        assert len(texts) > 1 and "".join(texts) == text
        assert [figure.text for figure, _, _ in printed.cells] == ["5.00", "6.00"]

    def test_numbers_and_labels_wrap_in_narrow_columns(self) -> None:
        columns = ["序号", "科目名称", *["一般公共预算财政拨款收入"] * 11]
        table = grid([columns, ["1", "一般公共服务支出", *["123456789.12"] * 11]])
        printed = typeset(layout(table), PageStyle(font_size=14, paper="portrait"))
        figures = layout(table).figures()
        assert_figures_stand_in_their_boxes(printed, figures, bold=False)
        assert printed.data.count(b" Tj ET") > 3 * 26

    def test_two_short_statements_share_a_page(self) -> None:
        two = layout(
            Title("甲表"), long_table(3), PageBreak(), Title("乙表"), long_table(3), PageBreak(), long_table(2)
        )
        assert typeset(two).page_count == 3
        packed = typeset(two, PageStyle(packed=True))
        assert packed.page_count == 2  # a continuation (no title) still starts a page
        assert {cell.table for cell in packed.printed if cell.page == 1} == {0, 1}

    def test_a_heading_is_never_parted_from_its_table(self) -> None:
        filler = [Line("说明")] * 33
        printed = typeset(layout(*filler, Title("表"), Line("单位：万元", "right"), long_table(2)))
        first, second = page_texts(printed.data)
        assert "单位" not in first and squeezed(second).startswith("表单位：万元")

    def test_footers_and_paired_lines(self) -> None:
        blocks = layout(Line("105 邢台市财政局"), Line("单位：万元", "right"), PageBreak(), Line("二"))
        first, second = page_texts(write_pdf(blocks, PageStyle(footer="of")))
        assert "105 邢台市财政局 单位：万元" in first and "第1页 共2页" in first and "第2页 共2页" in second
        apart = page_texts(write_pdf(blocks, PageStyle(paired_lines=False, footer="dashes")))[0]
        assert apart.split("\r\n")[:2] == ["105 邢台市财政局", "单位：万元"] and "- 1 -" in apart

    def test_contents_with_dots_or_a_gap(self) -> None:
        dots = page_texts(write_pdf(layout(ContentsLine("部门预算收支总表", "3"))))[0]
        assert re.match(r"部门预算收支总表\s?\.{20,}\s?3", dots)
        gap = page_texts(write_pdf(layout(ContentsLine("部门预算收支总表", "3", "tab"))))[0]
        assert re.match(r"部门预算收支总表\s+3", gap)

    def test_a_table_with_too_many_columns_is_refused(self) -> None:
        with pytest.raises(ValueError, match="columns"):
            write_pdf(layout(grid([["一"] * 100])))


class TestShanghai:
    DISCLOSURE = Disclosure(
        department="上海市普陀区财政局",
        code="",
        year=2025,
        unit="元",
        statements={
            "budget_summary": Statement(
                rows=(
                    Row("1.一般公共预算资金", {"revenue": "90.00"}, side="revenue"),
                    Row("一、公共安全支出", {"expenditure": "90.00"}, side="expenditure"),
                    Row("支出总计", {"expenditure": "90.00"}, side="expenditure"),
                )
            ),
            "expenditure": Statement(
                rows=(Row("司法", {"total": "90.00", "project": "90.00"}, "20406"), Row("合计", {"total": "90.00"}))
            ),
            "basic_expenditure": Statement(rows=(Row("基本工资", {"total": "9.00"}, "30101"),)),
            "government_fund_expenditure": Statement("declared_empty"),
            "three_public": Statement(rows=(Row("合计", {"total": "0.95"}), Row("公务接待费", {"total": "0.95"}))),
        },
    )

    def test_the_printed_form(self) -> None:
        tables = list(shanghai.lay_out(self.DISCLOSURE).tables())
        expenditure = tables[1].rows()
        assert [cell.text if cell else "" for cell in expenditure[2]][:4] == ["类", "款", "项", "功能分类科目名称"]
        assert [cell.text if cell else "" for cell in expenditure[3]] == ["204", "06", "", "司法", "90.00", "", "90.00"]
        total = expenditure[4][0]
        assert total is not None and (total.text, total.column_span) == ("合计", 4)
        assert tables[3].column_count == 6 and tables[4].column_count == 7
        (wages,) = [cell for cell in tables[3].cells if cell.figure is not None]
        assert wages.figure == Figure("basic_expenditure", 1, "30101", "基本工资", "total", "9.00", "9.00")

    def test_titles_units_and_notes(self) -> None:
        lines = [block.text for block in shanghai.lay_out(self.DISCLOSURE).blocks if isinstance(block, Title | Line)]
        assert "2025年部门“三公”经费和机关运行经费预算表" in lines
        assert "编制部门：上海市普陀区财政局" in lines and {"单位：元", "单位:万元"} <= set(lines)
        assert "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。" in lines
        assert "上海市普陀区2025年区级部门预算" in lines

    def test_how_documents_of_the_form_differ(self) -> None:
        printing = shanghai.Printing("预算", "header", none_row=True, spaced_numbers=False, contradiction=True)
        printed = shanghai.lay_out(self.DISCLOSURE, Style(empty_row=True), printing)
        lines = [block.text for block in printed.blocks if isinstance(block, Title | Line)]
        assert "部门“三公”经费和机关运行经费预算表" in lines
        assert "注:本部门2025年无“三公”经费和机关运行经费预算，故本表为空表。" in lines
        tables = list(printed.tables())
        texts = [cell.text for table in tables for cell in table.cells]
        assert {"2025年“三公”经费预算数", "2025年机关运行经费预算数", "无", "1.一般公共预算"} <= set(texts)
        assert tables[0].row_count == 2 + 13 + 1 and tables[2].row_count == 3 + 1 + 10 + 1
        (labels,) = [[f.label for f in printed.figures() if f.measure == "revenue"]]
        assert labels == ["1.一般公共预算"]

    def test_a_unit_of_a_department_prints_seven_columns(self) -> None:
        figures = {"expenditure": "90.00", "expenditure_personnel": "50.00", "expenditure_project": "40.00"}
        summary = Statement(rows=(Row("一、公共安全支出", figures, side="expenditure"),))
        unit = Disclosure("上海市普陀区财政局", "", 2025, {"budget_summary": summary}, unit="元", scope="unit")
        printed = shanghai.lay_out(unit)
        (table,) = printed.tables()
        assert table.column_count == 7 and "单位财务收支" in printed.blocks[-4].text  # type: ignore[union-attr]
        assert {figure.measure for figure in printed.figures()} == set(figures)
        with pytest.raises(ValueError, match="no column"):
            shanghai.lay_out(Disclosure("上海市普陀区财政局", "", 2025, {"budget_summary": summary}, unit="元"))

    def test_every_statement_has_a_title_and_a_header(self) -> None:
        assert set(shanghai.TITLES) == set(STATEMENTS) == set(shanghai.HEADERS)
        for header in (*shanghai.HEADERS.values(), shanghai.UNIT_SUMMARY_HEADER):
            assert len({len(row) for row in header}) == 1

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(shanghai_disclosures())
    def test_the_identities_hold(self, disclosure: Disclosure) -> None:
        def cell(statement: str, label: str, measure: str) -> Decimal:
            rows = [row for row in disclosure.statement(statement).rows if row.label == label]
            return sum((Decimal(row.figures.get(measure, "0")) for row in rows), Decimal(0))

        for name in CODED_STATEMENTS:
            rows = disclosure.statement(name).rows
            assert not rows or rows[-1].label == "合计"
            for row in rows:
                total, *parts = (Decimal(row.figures.get(measure, "0")) for measure in shanghai.MEASURES[name])
                assert total == sum(parts)
        spent = cell("expenditure", "合计", "total")
        assert cell("revenue", "合计", "total") == spent == cell("budget_summary", "收入总计", "revenue")
        assert cell("budget_summary", "支出总计", "expenditure") == spent
        if disclosure.scope == "unit":
            parts = [cell("budget_summary", "支出总计", f"expenditure_{part}") for part in ("personnel", "public")]
            assert sum(parts) == cell("expenditure", "合计", "basic")
            assert parts[1] == cell("basic_expenditure", "合计", "public")
        assert cell("appropriation_summary", "支出总计", "general_public") == cell(
            "general_public_expenditure", "合计", "total"
        )
        assert cell("basic_expenditure", "合计", "total") == cell("general_public_expenditure", "合计", "basic")
        items = [
            cell("three_public", label, "total") for label in ("因公出国（境）费", "公务接待费", "公务用车购置及运行费")
        ]
        assert cell("three_public", "合计", "total") == sum(items)


class TestCommandLine:
    def test_one_sample_as_pdf(self, tmp_path: Path) -> None:
        target = tmp_path / "one.pdf"
        choices = ["--page", "engine=named", "--page", "rotate=90", "--page", "font_size=10"]
        assert main(["one", "130529", "--format", "pdf", *choices, "--out", str(target)]) == 0
        with opened(target.read_bytes()) as document:
            assert document[0].get_rotation() == 90

    def test_a_choice_that_does_not_exist(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for choice in ("engine=none", "colour=red", "rotate"):
            with pytest.raises(SystemExit):
                main(["one", "130529", "--format", "pdf", "--page", choice, "--out", str(tmp_path / "x")])
        assert "engine is one of named, simple, composite, not none" in capsys.readouterr().err

    def test_samples_are_pdf_only_when_asked(self, tmp_path: Path) -> None:
        usual, more = write_samples(tmp_path / "a"), write_samples(tmp_path / "b", pdf=True)
        own = {path.stem for path in usual if path.suffix == ".pdf"}  # samples that are PDF themselves
        word = {path.stem for path in usual if path.suffix == ".docx"}
        assert own and word and not own & word
        assert {path.stem for path in more if path.suffix == ".pdf"} == own | word
        assert (tmp_path / "a" / "manifest.csv").read_bytes() == (tmp_path / "b" / "manifest.csv").read_bytes()

    def test_a_sample_whose_name_ends_in_pdf_is_one(self, tmp_path: Path) -> None:
        source = (ROOT / "tools" / "typeset" / "samples" / "130529-2023.yaml").read_text(encoding="utf-8")
        source = re.sub(r"(?m)^(file_name: .*)\.docx", r"\1.pdf", source) + "\npage:\n  paper: portrait\n"
        (tmp_path / "one.yaml").write_text(source, encoding="utf-8")
        (path, _) = write_samples(tmp_path / "out", tmp_path)
        assert path.suffix == ".pdf" and path.read_bytes().startswith(b"%PDF")
