"""The names of WordprocessingML, whichever of its two namespaces a document uses."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
}
TEXT = {"w:t", "m:t"}


def name_of(element: etree._Element) -> str:
    """``w:p`` for both namespaces of Word; the bare name for any other, an empty name for what is no element."""
    tag: object = element.tag  # comments, instructions and entities have a function here
    if not isinstance(tag, str):
        return ""
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else local


def child_of(element: etree._Element, *path: str) -> etree._Element | None:
    """The first descendant along these names, each a child of the one before."""
    found: etree._Element | None = element
    for name in path:
        found = next((child for child in found if name_of(child) == name), None) if found is not None else None
    return found


def value_of(element: etree._Element | None, attribute: str = "val") -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == attribute), None)


def printed_branch(alternatives: etree._Element) -> Iterator[etree._Element]:
    """Of mc:AlternateContent the first branch that holds text, or the first one: never two."""
    branches = [branch for branch in alternatives if name_of(branch) in {"mc:Choice", "mc:Fallback"}]
    with_text = [branch for branch in branches if any(name_of(inner) in TEXT for inner in branch.iter())]
    yield from (with_text or branches)[:1]
