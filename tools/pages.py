"""`python -m tools.pages` writes docs/data-dictionary.md and docs/questions.md from a warehouse of raw/.

The dictionary is what the warehouse says of itself: the comments on its tables and columns, with an example from the
samples. The questions are those of tools/questions.yaml, with what the samples answer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

ROOT = Path(__file__).parents[1]
DICTIONARY = ROOT / "docs" / "data-dictionary.md"
QUESTIONS = ROOT / "docs" / "questions.md"
SCHEMAS = {
    "marts": "供查询 · What people query",
    "quality": "检查结果 · What was checked",
    "staging": "提取结果与参考表 · Typed copies of the extraction and the reference lists, for the curious",
}
# how a name ends → its unit
UNITS = (
    ("_yuan", "元 · yuan"),
    ("_percent", "% "),
    ("bbox", "点 · PDF points"),
    ("byte_size", "字节 · bytes"),
    ("page", "页 · page, from 1"),
    ("_count", "个 · count"),
)
# what no two builds share, or what is too long to show
NO_EXAMPLE = {"build_id", "input_fingerprint", "versions", "yusuan_version", "observed"}
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Question:
    question: str
    english: str
    sql: str
    note: str = ""


def read_questions() -> list[Question]:
    return [Question(**entry) for entry in yaml.safe_load((ROOT / "tools" / "questions.yaml").read_text("utf-8"))]


def dictionary(connection: duckdb.DuckDBPyConnection) -> str:
    """The page: every schema, table and column that the warehouse holds."""
    lines = [
        "# 数据字典 · Data dictionary",
        "",
        "Every table and column of `warehouse/budget.duckdb`, as its own comments have it, with an example from the",
        "sample documents. Written by `python -m tools.pages`; do not edit. Money is `DECIMAL` in yuan; what was",
        "printed stands beside it.",
    ]
    for schema, title in SCHEMAS.items():
        lines += ["", f"## {schema}", "", title + "."]
        for name, comment in _tables(connection, schema):
            chinese, english = _languages(comment)
            lines += ["", f"### {schema}.{name}", "", f"{chinese} · {english}", ""]
            lines += ["| column | type | 含义 | meaning | unit | example |", "|---|---|---|---|---|---|"]
            lines += _columns(connection, schema, name)
    return "\n".join(lines) + "\n"


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str, str]]:
    query = """
        select table_name, comment from duckdb_tables() where schema_name = $1 and not internal
        union all
        select view_name, comment from duckdb_views() where schema_name = $1 and not internal
        order by 1
    """
    return [(str(name), str(comment or "")) for name, comment in connection.execute(query, [schema]).fetchall()]


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    query = """
        select column_name, data_type, comment from duckdb_columns()
        where schema_name = $1 and table_name = $2 order by column_index
    """
    lines = []
    for name, kind, comment in connection.execute(query, [schema, table]).fetchall():
        chinese, english = _languages(str(comment or ""))
        example = "" if name in NO_EXAMPLE else _example(connection, f'{schema}."{table}"', name)
        cells = (f"`{name}`", str(kind).lower(), chinese, english, unit_of(name), example)
        lines.append("| " + " | ".join(_escaped(cell) for cell in cells) + " |")
    return lines


def _languages(comment: str) -> tuple[str, str]:
    chinese, _, english = " ".join(comment.split()).partition(" · ")
    return chinese, english


def unit_of(column: str) -> str:
    return next((unit.strip() for ending, unit in UNITS if column.endswith(ending)), "")


def _example(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> str:
    """The first value that is not blank; of figures the first that is no 0."""
    zero = " and amount_yuan <> 0" if column == "amount_yuan" else ""
    query = f'select "{column}" from {table} where "{column}" is not null{zero} limit 1'
    found = connection.execute(query).fetchone()
    text = "" if found is None else _text(found[0])
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")


def questions(connection: duckdb.DuckDBPyConnection) -> str:
    """The page: each question, its SQL, and what the warehouse answers."""
    lines = [
        "# 十个问题 · Ten questions",
        "",
        'What people ask first, with the SQL that answers it: `yusuan sql "…"`, or any tool that opens',
        "`warehouse/budget.duckdb`. The answers are those of the sample documents in `raw/`. Written by",
        "`python -m tools.pages` from tools/questions.yaml; do not edit.",
    ]
    for number, question in enumerate(read_questions(), start=1):
        cursor = connection.execute(question.sql)
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        lines += ["", f"## {number}. {question.question}", "", question.english]
        lines += ["", "```sql", question.sql.rstrip(), "```", ""]
        lines += _table(names, rows) if rows else ["No row."]
        if question.note:
            lines += ["", question.note]
    return "\n".join(lines) + "\n"


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return lines + ["| " + " | ".join(_escaped(_text(value)) for value in row) + " |" for row in rows]


def pages(warehouse: Path) -> dict[Path, str]:
    """The pages that belong to a published file."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {DICTIONARY: dictionary(connection), QUESTIONS: questions(connection)}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pipeline.cli", "run", "--raw", str(ROOT / "raw"), "--warehouse", folder]
        subprocess.run(command, cwd=ROOT, check=True)
        for path, text in pages(Path(folder) / "budget.duckdb").items():
            path.write_text(text, "utf-8")
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
