"""The HTML site of the checks beside the warehouse: an index of our own, and Great Expectations' page for each suite.

Its pages load fifteen scripts, styles and images each, from seven hosts, and its index is empty without them. Ours work
without a network and tell nobody that they were opened.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.build.suites import SUITES
from pipeline.pages import POLICY, page

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

    from pipeline.build.expectations import ExpectationResult

STYLE = SUITES / "data_docs.css"

_REMOTE = re.compile(
    r"<script\b.*?</script\s*>"
    r'|<link[^>]*\bhref="https?://[^>]*>'
    r'|<img[^>]*\bsrc="https?://[^>]*>'
    r"|url\(['\"]?https?:[^)]*\)"  # the background of a style
    r"|<footer>.*?</footer>",  # an advertisement
    re.DOTALL | re.IGNORECASE,
)
_SITE = "warehouse"
_UNUSED = "static"  # 4 MB of fonts and animations


def write_site(context: EphemeralDataContext, results: Sequence[ExpectationResult], docs: Path) -> None:
    """A new site at `docs`, in the private build folder: publishing moves it to its readers."""
    if docs.exists():
        shutil.rmtree(docs)
    _build(context, docs)
    shutil.rmtree(docs / _UNUSED)
    style = STYLE.read_text(encoding="utf-8")
    for file in docs.rglob("*.html"):
        file.write_text(without_remote_assets(file.read_text(encoding="utf-8"), style), encoding="utf-8")
    pages = {file.stem: file.relative_to(docs).as_posix() for file in (docs / "validations").rglob("*.html")}
    (docs / "index.html").write_text(index_page(results, pages, style), encoding="utf-8")


def without_remote_assets(html: str, style: str) -> str:
    """A page of Great Expectations that loads and runs nothing: what it observed are texts from documents."""
    styled = _REMOTE.sub("", html).replace("</head>", f"<style>\n{style}</style>\n</head>", 1)
    return styled.replace("<head>", f"<head>{POLICY}", 1)


def index_page(results: Sequence[ExpectationResult], pages: Mapping[str, str], style: str) -> str:
    """Every expectation with what was observed, by table; `pages` are named <suite>-<suite>."""

    def linked(result: ExpectationResult) -> tuple[ExpectationResult, str]:
        suite = result.expectation_id.rpartition(".")[0]
        return result, pages[f"{suite}-{suite}"]

    ordered = sorted(results, key=lambda result: result.expectation_id)
    by_table = groupby(ordered, key=lambda result: result.table_name)
    return page(
        "data_docs.html",
        style=style,
        expectations=len(results),
        failed=sum(not result.success for result in results),
        tables=[(table, [linked(result) for result in group]) for table, group in by_table],
    )


def _build(context: EphemeralDataContext, folder: Path) -> None:
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)  # the default site, in a temporary folder
    site: Any = {  # Great Expectations' own type for it lacks the two keys that it documents
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "site_section_builders": {"profiling": "None"},
    }
    context.add_data_docs_site(_SITE, site)
    context.build_data_docs(site_names=[_SITE])
