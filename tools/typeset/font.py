"""The font that the PDF writer embeds: a subset of Google's Noto Sans SC, made once from an installed package.

The source is the package `justmytype-intl-cjk` (SIL Open Font License 1.1). Kept are the commoner half of GB 2312 and
the characters of this repository's reference files, as static outlines of weight 400 without hints and layout tables.
The result lies in `build/`, which git ignores; making it takes some seconds.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_REFERENCE = _ROOT / "pipeline" / "reference"
_PACKAGE = "justmytype-intl-cjk"


def characters() -> set[str]:
    """What the font can print: GB 2312 rows 1-9 (signs, full-width forms) and 16-55 (common characters), our names."""
    found = {chr(code) for code in range(0x20, 0x7F)} | set("·—–“”‘’…￥¥①②③④⑤⑥⑦⑧⑨⑩")
    for row in [*range(1, 10), *range(16, 56)]:
        for cell in range(1, 95):
            try:
                found.add(bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue  # an unassigned place
    for path in sorted(_REFERENCE.glob("*.csv")):
        found |= set(path.read_text(encoding="utf-8"))
    return {character for character in found if character.isprintable()}


@cache
def font_file() -> Path:
    """The subset as a TrueType file; made if it is not there yet."""
    text = "".join(sorted(characters()))
    mark = hashlib.sha256(f"{version(_PACKAGE)} {version('fonttools')} {text}".encode()).hexdigest()[:12]
    target = _ROOT / "build" / "fonts" / f"NotoSansSC-{mark}.ttf"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(f".{os.getpid()}")
        _make(text, unfinished)
        unfinished.replace(target)
    return target


def _make(text: str, target: Path) -> None:
    import justmytype_intl_cjk
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    source = Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "STAT", "VORG", "VVAR", "vhea", "vmtx"]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": 400}, updateFontNames=False)
    for name in font["name"].names:
        if name.nameID in (4, 6):  # the source names its default instance, which is Thin
            name.string = str(name).replace("Thin", "Regular")
    font["OS/2"].usWeightClass = 400
    font["post"].formatType = 3.0
    font.save(target)
