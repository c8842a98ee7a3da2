"""Who the prose speaks of: the body that the document is about, or another that it names."""

from __future__ import annotations

from pipeline.annexes.wording import Wording
from pipeline.forms.disclosure import Part
from pipeline.forms.printed import squash


class Speaker:
    """Whom a passage speaks of: a heading that names another body holds below it, a clause for the rest of its passage.

    Where the name of the body is not known, every name is taken for its own.
    """

    def __init__(self, body: Part | None, wording: Wording) -> None:
        """``body``: the department or unit that the document is about, None where it is not known."""
        self.body = squash(body.body_name or "") if body else ""
        self.is_unit = body is not None and body.scope != "department"
        self.wording = wording
        self.is_another = False  # in this passage
        self.below_another = False

    def begin_passage(self) -> None:
        self.is_another = self.below_another

    def begin_heading(self, heading: str) -> None:
        self.below_another = self.names_another(heading)

    def names_another(self, heading: str) -> bool:
        """Does a heading, or what stands before a colon, name another body?"""
        match = self.wording.heading_of.fullmatch(heading)
        return match is not None and bool(self.body) and not self._is_own(match["who"])

    def hears(self, words: str) -> bool:
        """Do words in front of a subject name the body itself? If they name another, the passage goes on about it."""
        if self.wording.anyone.fullmatch(words):
            return True
        match = self.wording.speaker.fullmatch(words)
        if match is None:
            return False
        self.is_another = bool(self.body) and not self._is_own(match["who"])
        return not self.is_another

    def _is_own(self, who: str) -> bool:
        if self.wording.head_office.fullmatch(who):
            return False
        name = self.wording.anyone.sub("", who)
        return _is_within(name, self.body) or (self.is_unit and bool(self.wording.unit.fullmatch(name)))


def _is_within(name: str, whole: str) -> bool:
    """Is a name another's short form: its characters in their order?"""
    rest = iter(whole)
    return all(char in rest for char in name)
