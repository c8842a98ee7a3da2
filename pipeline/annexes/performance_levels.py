"""The levels of indicators: carried down where cells are merged, put back where a capture displaced or broke them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import pairwise

from pipeline.annexes.performance_rows import Doubts, Draft
from pipeline.annexes.performance_rules import kinds_1, kinds_2, performance_rules
from pipeline.forms.printed import squash

_WORDS = re.compile(r"[\u3400-\u9fff()、/·-]+")


class Levels:
    """The levels of one table: carried down where they are merged, put back where they are displaced or unreadable."""

    def __init__(
        self, drafts: list[Draft], usual: Mapping[str, str], counts: Mapping[str, int], doubts: Doubts
    ) -> None:
        """``usual``: the first level that this document prints for each kind; ``counts``: how often it prints each."""
        self.drafts = drafts
        self.usual = usual
        self.counts = counts
        self.doubts = doubts

    def resolve(self) -> None:
        self._pieces()
        self._level_2()
        self._level_1()
        self._level_3()
        self._unknown()

    def _pieces(self) -> None:
        """A label that stands beside the rest of a parted row is the block's that goes on below it."""
        for draft, below in pairwise(self.drafts):
            if draft.block_below and not below.get("level_1"):
                below.texts["level_1"] = draft.block_below

    def _level_2(self) -> None:
        carried = ""
        for n, draft in enumerate(self.drafts):
            if draft.get("level_2"):
                carried = draft.get("level_2")
                continue
            if draft.damaged or "level_2" not in draft.texts:
                continue
            draft.merged_levels = True
            if draft.get("level_1") and n:
                carried = ""
            if not carried and (below := next((d for d in self.drafts[n + 1 : n + 2] if not d.get("level_1")), None)):
                carried = below.get("level_2")
                if carried:
                    self._info("the second level of an indicator is printed one row later", carried, draft)
            draft.texts["level_2"] = carried

    def _level_1(self) -> None:
        if all("level_1" not in draft.texts for draft in self.drafts):
            return
        printed = [draft.get("level_1") for draft in self.drafts]
        readable = [label if self._readable(label, self.drafts[n]) else "" for n, label in enumerate(printed)]
        carried = ""
        for n, draft in enumerate(self.drafts):
            kinds = kinds_2(draft.get("level_2"))
            if readable[n]:
                carried = readable[n]
            elif not carried or (kinds and kinds_1(carried) and not kinds & kinds_1(carried)):
                carried = self._of_block(n, kinds, printed, readable) or carried
            if printed[n] and not readable[n]:
                what = "the first level of an indicator cannot be read; its block says which it is"
                self._info(what, f"{printed[n]} → {carried}", draft)
            draft.texts["level_1"] = carried
            if not carried:
                what = "the first level of an indicator is not printed"
                self.doubts.of_row("warning", what, draft)

    def _of_block(self, start: int, kinds: frozenset[str], printed: list[str], readable: list[str]) -> str:
        """The label of the block that begins here: printed in a later row of it, or readable in no row."""
        for n in range(start, len(self.drafts)):
            own = kinds_2(self.drafts[n].get("level_2"))
            if own and kinds and not own & kinds:
                break
            if readable[n]:
                fits = not kinds or not kinds_1(readable[n]) or bool(kinds & kinds_1(readable[n]))
                if fits:
                    what = "the first level of an indicator is printed in a later row of its block"
                    self._info(what, readable[n], self.drafts[start])
                return readable[n] if fits else ""
            if printed[n]:
                labels = [self.usual.get(kind, "") for kind in sorted(kinds)]
                usual = next((label for label in labels if label), "")
                later = any(readable[n + 1 :]) and self._later(n + 1, kinds, readable)
                if not later:
                    return usual or next((performance_rules().levels[kind].label for kind in sorted(kinds)), "")
        return ""

    def _later(self, start: int, kinds: frozenset[str], readable: list[str]) -> bool:
        for n in range(start, len(self.drafts)):
            own = kinds_2(self.drafts[n].get("level_2"))
            if own and kinds and not own & kinds:
                return False
            if readable[n]:
                return not kinds or bool(kinds & kinds_1(readable[n]))
        return False

    def _readable(self, label: str, draft: Draft) -> bool:
        """A label that is known, or that can stand: not a picture's noise, not nearly the usual one of its kind."""
        if not label or kinds_1(label):
            return bool(label)
        if not _WORDS.fullmatch(squash(label)):
            return False
        usual = [self.usual.get(kind, "") for kind in kinds_2(draft.get("level_2"))]
        alike = max((SequenceMatcher(None, squash(label), text).ratio() for text in usual if text), default=0.0)
        return self.counts.get(squash(label), 0) > 1 or alike < 0.5

    def _level_3(self) -> None:
        """Carried down only where the second level is blank too: else the cell is not merged, its text is lost."""
        for before, draft in pairwise(self.drafts):
            if draft.damaged or "level_3" not in draft.texts or draft.get("level_3"):
                continue
            if draft.merged_levels and draft.get("level_2") == before.get("level_2") and before.get("level_3"):
                draft.texts["level_3"] = before.get("level_3")
                self._info("the third level of an indicator is blank; that of the row before it counts", "", draft)
            else:
                self._info("the third level of an indicator is blank", "", draft)

    def _unknown(self) -> None:
        for draft in self.drafts:
            if (label := draft.get("level_1")) and not kinds_1(label):
                what = "the first level of an indicator is not one that is known"
                self.doubts.once("info", what, label, draft.page, draft.locator)
            if (label := draft.get("level_2")) and not kinds_2(label):
                what = "the second level of an indicator is not one that is known"
                self.doubts.once("info", what, label, draft.page, draft.locator)

    def _info(self, what: str, text: str, draft: Draft) -> None:
        self.doubts.of_row("info", what, draft, text)
