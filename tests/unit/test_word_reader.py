"""The Word reader: what it takes for printed, spans as Word stores them, a reason in words for what it refuses."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest

from pipeline.documents.model import Cell, Document, Grid, Paragraph, UnreadableDocument
from pipeline.documents.readers.word import read_word
from pipeline.documents.readers.word_package import WordLimits

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(body: str, namespace: str = W, parts: dict[str, str] | None = None) -> bytes:
    """A .docx with this body; ``parts`` adds or replaces parts of the package."""
    document = (
        f'<w:document xmlns:w="{namespace}" xmlns:mc="{MC}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml">'
        f"<w:body>{body}</w:body></w:document>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"word/document.xml": document, **(parts or {})}.items():
            archive.writestr(name, content)
    return target.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def place(cell: Cell) -> tuple[int, int, str, int, int]:
    return cell.row, cell.column, cell.text, cell.row_span, cell.column_span


class TestParagraphs:
    def test_blocks_come_in_document_order_with_locators(self) -> None:
        document = read_word(package(p("部门预算收支总表") + tbl(tr(tc("合计"))) + p("  注：空表列示。 ")))
        assert document.format == "docx" and document.reader == "word" and document.page_count is None
        assert [block.locator for block in document.blocks] == ["paragraph 1", "table 1", "paragraph 2"]
        assert texts(document) == ["部门预算收支总表", "注：空表列示。"]

    def test_empty_paragraphs_are_no_blocks(self) -> None:
        assert texts(read_word(package("<w:p/>" + p(" ") + p("一")))) == ["一"]

    def test_line_breaks_and_tabs_become_spaces_and_a_page_break_starts_a_paragraph(self) -> None:
        body = (
            '<w:p><w:r><w:t>前页</w:t><w:br w:type="page"/><w:t>收支总表</w:t><w:tab/><w:t>5</w:t><w:br/><w:t>续</w:t>'
            "</w:r></w:p>"
        )
        assert texts(read_word(package(body))) == ["前页", "收支总表 5 续"]

    def test_what_is_not_printed_is_not_read(self) -> None:
        body = (
            "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
            "<w:r><w:instrText>TC 项目 \\f C</w:instrText></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
            '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显示</w:t></w:r>'
            "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins>"
            "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
            "<w:smartTag><w:r><w:t>标记</w:t></w:r></w:smartTag>"
            "<w:sdt><w:sdtPr><w:t>不是正文</w:t></w:sdtPr><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        )
        assert texts(read_word(package(body))) == ["显示新增链接标记控件"]

    def test_content_controls_around_paragraphs_and_tables_are_transparent(self) -> None:
        body = f"<w:sdt><w:sdtContent>{p('目录')}{tbl(tr(tc('一')))}</w:sdtContent></w:sdt>"
        document = read_word(package(body))
        assert texts(document) == ["目录"] and len(grids(document)) == 1

    def test_non_breaking_hyphen_keeps_a_negative_number(self) -> None:
        body = tbl(tr(tc("<w:p><w:r><w:noBreakHyphen/><w:t>5.00</w:t></w:r></w:p>")))
        assert grids(read_word(package(body)))[0].cells[0].text == "-5.00"

    def test_a_text_box_is_read_once_after_its_paragraph(self) -> None:
        box = f"<w:txbxContent>{p('单位：万元')}</w:txbxContent>"
        body = (
            "<w:p><w:r><w:t>标题</w:t></w:r><w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps">{box}</mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        )
        assert texts(read_word(package(body))) == ["标题", "单位：万元"]

    def test_the_fallback_is_read_where_the_choice_holds_no_text(self) -> None:
        body = (
            '<w:p><mc:AlternateContent><mc:Choice Requires="x"><w:r/></mc:Choice>'
            "<mc:Fallback><w:r><w:t>正文</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
        )
        assert texts(read_word(package(body))) == ["正文"]

    def test_strict_documents_are_read_alike(self) -> None:
        document = read_word(package(p("合计") + tbl(tr(tc("甲", span(2))), tr(tc("1"), tc("2"))), W_STRICT))
        assert texts(document) == ["合计"]
        assert place(grids(document)[0].cells[0]) == (0, 0, "甲", 1, 2)

    def test_a_page_header_stands_before_its_section_unless_repeated_there(self) -> None:
        relationships = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId9" Type="{R}/header" Target="header1.xml"/></Relationships>'
        )
        parts = {
            "word/_rels/document.xml.rels": relationships,
            "word/header1.xml": f'<w:hdr xmlns:w="{W}">{p("211 邢台市人民政府办公室")}{p("收 支")}</w:hdr>',
        }
        section = '<w:sectPr><w:headerReference w:type="default" r:id="rId9"/></w:sectPr>'
        first = f"<w:p><w:pPr>{'<w:sectPr/>'}</w:pPr><w:r><w:t>封面</w:t></w:r></w:p>"
        document = read_word(package(first + p("收支") + section, parts=parts))
        assert texts(document) == ["封面", "211 邢台市人民政府办公室", "收支"]
        assert document.blocks[1].locator == "page header"

    def test_what_cannot_be_read_is_reported(self) -> None:
        body = p("文") + '<w:altChunk/><w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
        assert {issue.severity for issue in read_word(package(body)).issues} == {"error", "warning"}


class TestTables:
    def test_spans_are_exact(self) -> None:
        body = tbl(
            tr(tc("序号", RESTART), tc("收入", span(2)), tc("支出", RESTART)),
            tr(tc("", CONTINUE), tc("项目"), tc("预算数"), tc("", CONTINUE)),
        )
        (grid,) = grids(read_word(package(body)))
        assert (grid.row_count, grid.column_count, grid.spans_known) == (2, 4, True)
        assert [place(cell) for cell in grid.cells] == [
            (0, 0, "序号", 2, 1),
            (0, 1, "收入", 1, 2),
            (0, 3, "支出", 2, 1),
            (1, 1, "项目", 1, 1),
            (1, 2, "预算数", 1, 1),
        ]
        assert grid.cells[3].locator == "table 1, row 2, column 2"

    def test_a_merge_over_columns_and_rows(self) -> None:
        body = tbl(
            tr(tc("甲", span(2) + RESTART), tc("乙")),
            tr(tc("", span(2) + CONTINUE), tc("丙")),
            tr(tc("1"), tc("2"), tc("3")),
        )
        (grid,) = grids(read_word(package(body)))
        assert place(grid.cells[0]) == (0, 0, "甲", 2, 2)
        assert [place(cell)[:2] for cell in grid.cells[1:]] == [(0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]

    def test_a_new_merge_below_an_old_one_is_its_own_cell(self) -> None:
        body = tbl(tr(tc("甲", RESTART)), tr(tc("", CONTINUE)), tr(tc("乙", RESTART)), tr(tc("", CONTINUE)))
        (grid,) = grids(read_word(package(body)))
        assert [place(cell) for cell in grid.cells] == [(0, 0, "甲", 2, 1), (2, 0, "乙", 2, 1)]

    def test_a_continuation_without_a_beginning_keeps_its_text(self) -> None:
        (grid,) = grids(read_word(package(tbl(tr(tc("甲")), tr(tc("乙", '<w:vMerge w:val="continue"/>'))))))
        assert [place(cell) for cell in grid.cells] == [(0, 0, "甲", 1, 1), (1, 0, "乙", 1, 1)]

    def test_text_under_a_merged_cell_is_reported(self) -> None:
        document = read_word(package(tbl(tr(tc("甲", RESTART)), tr(tc("5.00", CONTINUE)))))
        assert [(issue.text, issue.locator) for issue in document.issues] == [("5.00", "table 1, row 2, column 1")]

    def test_rows_that_begin_late_or_end_early(self) -> None:
        body = tbl(
            tr(tc("甲"), tc("乙"), tc("丙")),
            tr(tc("丁"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="2"/>'),
        )
        (grid,) = grids(read_word(package(body)))
        assert grid.column_count == 4
        assert place(grid.cells[3]) == (1, 1, "丁", 1, 1)

    def test_the_lines_of_a_cell_are_kept_apart(self) -> None:
        body = tbl(
            tr(tc(p("8916.8") + p("2")), tc("<w:p><w:r><w:t>一般公共预算</w:t><w:br/><w:t>财政拨款</w:t></w:r></w:p>"))
        )
        (grid,) = grids(read_word(package(body)))
        assert [cell.text for cell in grid.cells] == ["8916.8\n2", "一般公共预算\n财政拨款"]

    def test_a_number_in_several_runs_is_one_number(self) -> None:
        body = tbl(tr(tc("<w:p><w:r><w:t>2,855</w:t></w:r><w:r><w:t>.05</w:t></w:r></w:p>")))
        assert grids(read_word(package(body)))[0].cells[0].text == "2,855.05"

    def test_a_nested_table_follows_as_a_grid_of_its_own(self) -> None:
        body = tbl(tr(tc(p("外") + tbl(tr(tc("内"))) + p("")))) + tbl(tr(tc("后")))
        document = read_word(package(body))
        assert [grid.cells[0].text for grid in grids(document)] == ["外", "内", "后"]
        assert grids(document)[1].locator == "table 2 (inside table 1, row 1, column 1)"

    def test_rows_and_cells_in_content_controls_and_revisions(self) -> None:
        control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
        wrapped = control.format(tr(control.format(tc("甲")), tc("乙")))
        deleted = tr(tc("删"), tc("除"), properties="<w:del/>")
        (grid,) = grids(read_word(package(tbl(wrapped, deleted, tr(tc("丙"), tc("丁"))))))
        assert [[cell.text for cell in row] for row in grid.rows()] == [["甲", "乙"], ["丙", "丁"]]

    def test_legacy_horizontal_merges(self) -> None:
        body = tbl(tr(tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("乙")))
        (grid,) = grids(read_word(package(body)))
        assert [place(cell) for cell in grid.cells] == [(0, 0, "甲", 1, 2), (0, 2, "乙", 1, 1)]

    def test_an_impossible_span_is_reported_and_counts_as_one(self) -> None:
        document = read_word(package(tbl(tr(tc("甲", span(999999)), tc("乙")))))
        assert grids(document)[0].column_count == 2
        assert [issue.what for issue in document.issues] == ["a table cell declares an impossible span"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "legacy .doc"),
            (
                bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
                "password-protected",
            ),
            ("\ufeff<!DOCTYPE html><html>没有找到</html>".encode(), "web page"),
            (b"%PDF-1.7 ...", "PDF"),
            (b"{\\rtf1 ...}", "RTF"),
            (b"some text", "not a Word document"),
            (package(p("一"))[:-40], "cut off"),
            (package(p("一"))[:100], "cut off"),
        ],
        # not the bytes: those of a package hold the time, and every process must call the tests the same
        ids=["nothing", "doc", "encrypted doc", "html", "pdf", "rtf", "text", "without its end", "its head"],
    )
    def test_what_is_no_package(self, data: bytes, reason: str) -> None:
        with pytest.raises(UnreadableDocument, match=reason):
            read_word(data)

    @pytest.mark.parametrize(
        ("member", "reason"),
        [
            ("xl/workbook.xml", "Excel"),
            ("ppt/presentation.xml", "PowerPoint"),
            ("content.xml", "OpenDocument"),
            ("a", "no Word"),
        ],
    )
    def test_packages_of_another_kind(self, member: str, reason: str) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(member, "<x/>")
        with pytest.raises(UnreadableDocument, match=reason):
            read_word(target.getvalue())

    def test_a_main_part_under_another_name_is_found(self) -> None:
        relationships = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="/word/document2.xml"/></Relationships>'
        )
        document = f'<w:document xmlns:w="{W}"><w:body>{p("正文")}</w:body></w:document>'
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("_rels/.rels", relationships)
            archive.writestr("word/document2.xml", document)
        assert texts(read_word(target.getvalue())) == ["正文"]

    def test_damage_inside_the_package(self) -> None:
        data = bytearray(package(p("一" * 500)))
        start = data.index(b"word/document.xml") + len(b"word/document.xml")
        data[start : start + 30] = b"\xff" * 30
        with pytest.raises(UnreadableDocument, match="damaged"):
            read_word(bytes(data))

    def test_any_damage_ends_in_a_reason_or_a_document(self) -> None:
        """Found by damaging a file at random: an offset in the zip directory that points before the file."""
        whole = package(p("合计") + tbl(tr(tc("1216.27"))))
        for position in range(len(whole)):
            for value in (0x00, 0x7F, 0xFF):
                data = bytearray(whole)
                data[position] = value
                with contextlib.suppress(UnreadableDocument):
                    read_word(bytes(data))

    def test_broken_xml_and_a_missing_body(self) -> None:
        with pytest.raises(UnreadableDocument, match="not valid XML"):
            read_word(package("", parts={"word/document.xml": "<w:document"}))
        with pytest.raises(UnreadableDocument, match="no body"):
            read_word(package("", parts={"word/document.xml": f'<w:document xmlns:w="{W}"/>'}))

    @pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/passwd"', '"ha"'])
    def test_document_types_and_entities_are_refused(self, entity: str) -> None:
        document = (
            f'<!DOCTYPE d [<!ENTITY e {entity}>]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p>'
            "</w:body></w:document>"
        )
        with pytest.raises(UnreadableDocument, match="document type"):
            read_word(package("", parts={"word/document.xml": document}))

    def test_zip_bombs(self) -> None:
        bomb = package(p("零" * 2_000_000))
        limits = WordLimits(ratio_from=1_000_000)
        with pytest.raises(UnreadableDocument, match="zip bomb"):
            read_word(bomb, limits)
        with pytest.raises(UnreadableDocument, match="more than the limit"):
            read_word(bomb, WordLimits(uncompressed=1_000_000))
        with pytest.raises(UnreadableDocument, match="larger than the limit"):
            read_word(bomb, WordLimits(part=1_000_000))
        with pytest.raises(UnreadableDocument, match="parts"):
            read_word(package(p("一"), parts={"a": "", "b": ""}), WordLimits(members=2))

    def test_nesting_beyond_reason(self) -> None:
        body = tbl(tr(tc("一")))
        for _ in range(300):
            body = tbl(tr(tc(body)))
        with pytest.raises(UnreadableDocument):
            read_word(package(body))
