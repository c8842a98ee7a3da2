"""The Parquet tables between Python and dbt: one set per document, one set per run. Types live here and nowhere else.

Money is DECIMAL in yuan (two places: a 分 is the smallest amount), codes are text, pages are 1-based.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

AMOUNT = pa.decimal128(20, 2)
NUMBER = pa.decimal128(24, 6)  # what is no money: quantities, percentages, targets


def _schema(fields: Sequence[tuple[str, pa.DataType]]) -> pa.Schema:
    return pa.schema(list(fields))


DOCUMENT = _schema(
    [
        ("document_key", pa.string()),  # first 16 hex digits of the SHA-256
        ("sha256", pa.string()),
        ("format", pa.string()),  # docx, text, pdf …
        ("reader", pa.string()),
        ("publisher_form", pa.string()),  # the form file that read it: hebei …
        ("kind", pa.string()),  # budget, final_account
        ("scope", pa.string()),  # department (部门), unit (单位): of the document's first part
        ("fiscal_year", pa.int32()),
        ("department_name", pa.string()),  # as printed, white space removed
        ("department_code", pa.string()),  # as printed: 211; local and reassignable
        ("page_count", pa.int32()),
        ("is_complete", pa.bool_()),  # all of it has its place: a statement that is not found is not in it
        ("is_sample", pa.bool_()),  # it says of itself that body and text are invented
    ]
)

# A document holds one part per body: part 1 is the body it is about, later parts are its units' own statements.
PART = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("scope", pa.string()),
        ("body_name", pa.string()),
        ("body_code", pa.string()),
        ("fiscal_year", pa.int32()),
    ]
)

FIGURE = _schema(
    [
        ("figure_id", pa.string()),
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("fiscal_year", pa.int32()),
        ("statement", pa.string()),
        ("row_order", pa.int32()),  # 1-based position of the row in its statement
        ("row_number", pa.int32()),  # the printed 序号, else row_order
        ("row_label", pa.string()),
        ("code_as_printed", pa.string()),
        ("subject_code", pa.string()),  # printed code kept where code_resolution = unresolved
        ("code_resolution", pa.string()),  # as_printed, from_label, from_hierarchy, unresolved, none
        ("item", pa.string()),  # subject code, `total`, or an identifier of the form file
        ("measure", pa.string()),
        ("text_as_printed", pa.string()),
        ("printed_unit", pa.string()),  # 元, 万元 …
        ("amount_yuan", AMOUNT),  # null where the number is no money
        ("number", NUMBER),  # the number where it is no money: in printed_unit
        ("page", pa.int32()),
        ("bbox", pa.list_(pa.float64())),  # x0, y0, x1, y1 in PDF points
        ("locator", pa.string()),  # where to look in a format without pages: "line 106", "table 3, row 5, column 4"
        ("reader", pa.string()),
        ("proof_count", pa.int32()),  # exact identities that confirm the figure
        ("proof_status", pa.string()),  # proven, supported, unproven, contradicted
    ]
)

# Every identity evaluated on every subject: pipeline/proof/identities.yaml.
IDENTITY_CHECK = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("check_number", pa.int32()),  # 1-based within the document
        ("identity_id", pa.string()),
        ("says", pa.string()),
        ("statement", pa.string()),  # of the left side
        ("subject", pa.string()),  # the item or code it is about; null where there is just one
        ("measure", pa.string()),
        ("left_yuan", AMOUNT),  # of a percentage: the plain number
        ("right_yuan", AMOUNT),
        ("difference_yuan", AMOUNT),
        ("status", pa.string()),  # exact, within_rounding, broken, not_applicable
        ("severity", pa.string()),  # hard, soft
    ]
)

FIGURE_IDENTITY = _schema(
    [
        ("document_key", pa.string()),
        ("figure_id", pa.string()),
        ("check_number", pa.int32()),
        ("identity_id", pa.string()),
        ("side", pa.string()),  # left, right
        ("confirms", pa.bool_()),  # counts for the proof of the figure
    ]
)

# Doubtful figures: what else was read, and what decided. Not in `figure`: readings that do not stand.
READING = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("figure_id", pa.string()),
        ("statement", pa.string()),
        ("row_label", pa.string()),
        ("measure", pa.string()),
        ("text_as_printed", pa.string()),
        ("amount_yuan", AMOUNT),
        ("outcome", pa.string()),  # stands, rejected, undecided
        ("decided_by", pa.string()),  # the identities, in words
        ("locator", pa.string()),
        ("page", pa.int32()),
    ]
)

ERRATUM = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("erratum_number", pa.int32()),  # 1-based within the document
        ("entry_number", pa.int32()),  # erratum_number of the first place of the same habit or slip: the ledger's entry
        ("place_count", pa.int32()),  # of the entry
        ("statement", pa.string()),
        ("row_number", pa.int32()),
        ("row_label", pa.string()),
        ("item", pa.string()),
        ("measure", pa.string()),
        ("figure_id", pa.string()),  # null where the place is blank
        ("published_text", pa.string()),
        ("published_yuan", AMOUNT),  # null where the number is no money
        ("implied_yuan", AMOUNT),
        ("implied_number", NUMBER),  # what is implied for a percentage or a quantity
        ("verdict", pa.string()),  # publisher, extraction, undecided, rounding
        ("habit", pa.string()),  # what makes several places one entry; null where there is one place
        ("identity_ids", pa.string()),  # parted by spaces
        ("evidence", pa.string()),
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

STATEMENT = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("statement", pa.string()),
        ("status", pa.string()),  # present, declared_empty, unread, missing
        ("title_as_printed", pa.string()),
        ("printed_unit", pa.string()),
        ("rows_read", pa.int32()),
        ("figures_read", pa.int32()),
        ("unread_places", pa.int32()),  # printed and not read: the statement, a row, a column or a cell each
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

ISSUE = _schema(
    [
        ("document_key", pa.string()),
        ("issue_number", pa.int32()),
        ("severity", pa.string()),  # info, warning, error
        ("statement", pa.string()),
        ("page", pa.int32()),
        ("locator", pa.string()),
        ("what", pa.string()),
        ("text", pa.string()),
    ]
)

# ── the annexes: what their rows are about; the numbers in them are in `figure` too ───────────────────────────────

ORGANISATION_UNIT = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("row_order", pa.int32()),
        ("unit_name", pa.string()),
        ("unit_count", pa.int32()),  # 某局（参公4户） stands for four
        ("nature", pa.string()),  # 单位性质
        ("rank", pa.string()),  # 单位规格
        ("funding", pa.string()),  # 经费保障形式
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

INDICATOR = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("row_order", pa.int32()),
        ("figure_id", pa.string()),  # null where the target is no number
        ("performance_number", pa.int32()),  # 1-based number of the table; 0: the whole department's
        ("project_name", pa.string()),
        ("goal", pa.string()),
        ("level_1", pa.string()),
        ("level_2", pa.string()),
        ("level_3", pa.string()),
        ("description", pa.string()),
        ("operator", pa.string()),  # ≥ ≤ = > <
        ("target_value", NUMBER),  # in target_unit: 33 万个 is 330,000 个
        ("target_unit", pa.string()),
        ("target_yuan", AMOUNT),  # of a target that is money
        ("target_as_printed", pa.string()),
        ("basis", pa.string()),
        ("doubt", pa.string()),  # what the issues of the row say; null where it was read for certain
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

PROCUREMENT_LINE = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("row_order", pa.int32()),
        ("figure_id", pa.string()),  # of the amount
        ("kind", pa.string()),  # total, group, line
        ("group_name", pa.string()),
        ("project_number", pa.int32()),  # of `project`
        ("project_name", pa.string()),
        ("item_name", pa.string()),
        ("catalogue_edition", pa.string()),  # 2013, 2022: by budget year
        ("catalogue_code", pa.string()),  # as printed
        ("catalogue_item_code", pa.string()),  # the item of that edition that it names; null where there is none
        ("unit", pa.string()),
        ("quantity", NUMBER),
        ("unit_price_yuan", AMOUNT),
        ("amount_yuan", AMOUNT),
        ("general_public_yuan", AMOUNT),
        ("sme_reserved_yuan", AMOUNT),
        ("project_funds_yuan", AMOUNT),  # of the whole project: repeats on each of its lines
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

ASSET_LINE = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("row_order", pa.int32()),
        ("figure_id", pa.string()),  # of the value, else of the quantity
        ("asset_item", pa.string()),
        ("label", pa.string()),
        ("quantity", NUMBER),
        ("value_yuan", AMOUNT),
        ("as_of_date", pa.date32()),
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

CLAIM = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("claim_number", pa.int32()),  # 1-based within the document
        ("row_order", pa.int32()),  # claims about one subject in one sentence share it
        ("figure_id", pa.string()),  # null where words stand for the number: 持平
        ("section", pa.string()),
        ("subject", pa.string()),
        ("label", pa.string()),
        ("measure", pa.string()),  # amount, planned, previous, change, percentage, quantity
        ("direction", pa.string()),  # increase, decrease, level
        ("value", NUMBER),
        ("unit", pa.string()),
        ("amount_yuan", AMOUNT),
        ("text_as_printed", pa.string()),
        ("compared_year", pa.int32()),
        ("compared_basis", pa.string()),  # budget, execution
        ("reason", pa.string()),
        ("sentence", pa.string()),
        ("status", pa.string()),  # confirmed, implied, contradicted, unverifiable
        ("compared_figure_id", pa.string()),
        ("compared_yuan", AMOUNT),
        ("identity_ids", pa.string()),  # parted by spaces
        ("same_statement", pa.string()),  # where a statement prints what the subject is this year; null where none does
        ("same_item", pa.string()),
        ("same_measure", pa.string()),
        ("page", pa.int32()),
        ("locator", pa.string()),
    ]
)

# One project of the document, linked over the prose, its performance table and its procurement lines.
PROJECT = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("project_number", pa.int32()),  # 1-based within the document
        ("project_name", pa.string()),
        ("match_method", pa.string()),  # exact, normalised, similar, remaining; null where it stands in one place only
        ("prose_yuan", AMOUNT),
        ("prose_figure_id", pa.string()),
        ("performance_number", pa.int32()),
        ("cost_yuan", AMOUNT),  # what its performance table states
        ("cost_limit_yuan", AMOUNT),  # what it may cost at most, where ≤ or < is printed
        ("cost_basis", pa.string()),
        ("procurement_lines", pa.int32()),
        ("procurement_yuan", AMOUNT),
        ("project_funds_yuan", AMOUNT),
    ]
)

DOCUMENT_TABLES = {
    "document": DOCUMENT,
    "part": PART,
    "figure": FIGURE,
    "statement": STATEMENT,
    "issue": ISSUE,
    "identity_check": IDENTITY_CHECK,
    "figure_identity": FIGURE_IDENTITY,
    "reading": READING,
    "erratum": ERRATUM,
    "organisation_unit": ORGANISATION_UNIT,
    "indicator": INDICATOR,
    "procurement_line": PROCUREMENT_LINE,
    "asset_line": ASSET_LINE,
    "claim": CLAIM,
    "project": PROJECT,
}

# ── one set per run: what is known of files rather than of bytes ─────────────────────────────────────────────────

SOURCE_FILE = _schema(
    [
        ("document_key", pa.string()),
        ("file_name", pa.string()),  # relative to the raw folder
        ("byte_size", pa.int64()),
        ("source_url", pa.string()),
        ("published_on", pa.date32()),
        ("retrieved_at", pa.timestamp("us", tz="UTC")),
        ("is_stale", pa.bool_()),  # it could not be read this time: as it was published before
    ]
)

# Which department each part belongs to: found from its name, the manifest and the committed registry.
DEPARTMENT = _schema(
    [
        ("document_key", pa.string()),
        ("part", pa.int32()),
        ("department_key", pa.string()),  # <region_code>-<name without its region>
        ("department_name", pa.string()),
        ("department_type", pa.string()),  # the name without its region: the same office elsewhere is a peer
        ("department_code", pa.string()),
        ("region_code", pa.string()),  # null: unknown
        ("parent_department_key", pa.string()),  # of a unit's part: the department that publishes it
    ]
)

QUARANTINE = _schema(
    [
        ("file_name", pa.string()),
        ("document_key", pa.string()),  # null: the bytes could not be read
        ("reason", pa.string()),
    ]
)

BUILD = _schema(
    [
        ("build_id", pa.string()),  # the input fingerprint, shortened: the same input gives the same build
        ("input_fingerprint", pa.string()),
        ("yusuan_version", pa.string()),
        ("versions", pa.string()),  # "dagster 1.13.27, duckdb 1.5.6, …"
    ]
)

RUN_TABLES = {
    "source_file": SOURCE_FILE,
    "department": DEPARTMENT,
    "quarantine": QUARANTINE,
    "build": BUILD,
}
