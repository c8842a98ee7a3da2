"""The ruling lines of a PDF page, whatever they were drawn as.

A rule is a visible straight piece along a side of the page: a stroked line, a side of a stroked rectangle, a filled
rectangle that is thin, a thin image, or dashes and dots that stand in a row. A filled area is no rule; its edges are
kept apart, for the table that has no rule there. Positions and lengths are points in the space of ``to_reading``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ctypes import byref, c_float, c_int, c_uint
from itertools import compress, pairwise, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as raw  # type: ignore[import-untyped]

from pipeline.documents.readers.pdf_native import (
    ADDRESS,
    IDENTITY,
    INTEGER,
    Handle,
    Matrix,
    bare,
    direct,
    handle,
    ready,
)

THIN = 3.0  # a filled area up to this thickness is a rule
SNAP = 3.0  # rules nearer than this are one rule, and ends nearer than this meet
_SHORT = 8.0  # a piece up to this length may be a dash
_WIDEST_DASH_GAP = 8.0
_SHORTEST = 5.0
_STRAIGHT = 0.5
_WHITE = 250  # of 255
_CUT = 0.5  # a text that reaches beyond its clip path by less is seen whole
_FAR = 1e6
_WIDEST_CELL, _TALLEST_CELL = 300.0, 150.0
_TELLING = 12
_DEEPEST_FORM = 12
_MOST_FILLS = 5000

Box = tuple[float, float, float, float]


class Rule(NamedTuple):
    """A straight line: its position across, and where it begins and ends along (points)."""

    at: float
    start: float
    end: float


class Fill(NamedTuple):
    """A visible filled area, and its colour (0xRRGGBB)."""

    box: Box
    colour: int


class PageLines(NamedTuple):
    """What is drawn on a page besides its text.

    ``image_area`` is the area of the images (square points), ``curved`` counts the paths with curves. ``cut``: what is
    seen of the text objects (by address) that reach beyond their clip paths, as spreadsheets clip a cell's text.
    """

    horizontal: list[Rule]
    vertical: list[Rule]
    fills: list[Fill]
    image_area: float
    curved: int
    cut: dict[int, Box]


class TooManyObjects(Exception):
    """The page draws more objects than the limit."""


_count_objects = direct(raw.FPDFPage_CountObjects, INTEGER, ADDRESS)
_page_object = bare(raw.FPDFPage_GetObject, Handle)
_count_form_objects = bare(raw.FPDFFormObj_CountObjects, INTEGER)
_form_object = bare(raw.FPDFFormObj_GetObject, Handle)
_type = bare(raw.FPDFPageObj_GetType, INTEGER)
_matrix = bare(raw.FPDFPageObj_GetMatrix, INTEGER)
_bounds = bare(raw.FPDFPageObj_GetBounds, INTEGER)
_draw_mode = bare(raw.FPDFPath_GetDrawMode)
_count_segments = bare(raw.FPDFPath_CountSegments, INTEGER)
_segment = bare(raw.FPDFPath_GetPathSegment, Handle)
_segment_point = bare(raw.FPDFPathSegment_GetPoint)
_segment_type = bare(raw.FPDFPathSegment_GetType, INTEGER)
_segment_close = bare(raw.FPDFPathSegment_GetClose, INTEGER)
_fill_colour = bare(raw.FPDFPageObj_GetFillColor, INTEGER)
_stroke_colour = bare(raw.FPDFPageObj_GetStrokeColor, INTEGER)
_clip_path = bare(raw.FPDFPageObj_GetClipPath, Handle)
_count_clips = bare(raw.FPDFClipPath_CountPaths, INTEGER)
_count_clip_segments = bare(raw.FPDFClipPath_CountPathSegments, INTEGER)
_clip_start = bare(raw.FPDFClipPath_GetPathSegment, ADDRESS)
_clip_segment = bare(raw.FPDFClipPath_GetPathSegment, Handle)

_TEXT, _PATH, _IMAGE, _FORM = (
    *(raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH),
    *(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM),
)


def read_rulings(page: Any, to_reading: Matrix, most_objects: int) -> PageLines:
    """The rules of a raw page handle. Raises `TooManyObjects`."""
    pen = _Pen(most_objects)
    address = handle(page)
    pen.walk(_page_object, ready(address), _count_objects(address), to_reading, 0)
    return pen.lines()


class _Pen:
    """Collects what the objects of a page draw; one buffer for all answers of pdfium."""

    def __init__(self, most_objects: int) -> None:
        self._left = most_objects
        self._pieces: tuple[list[Rule], list[Rule]] = ([], [])
        self._white: tuple[list[Rule], list[Rule]] = ([], [])
        self._fills: list[Fill] = []
        self._image_area = 0.0
        self._curved = 0
        self._cut: dict[int, Box] = {}
        self._clips: dict[int | None, Box | None] = {}
        self._floats = (c_float * 6)()
        self._places = [byref(self._floats, 4 * number) for number in range(4)]
        self._x, self._y, *_ = self._places
        self._integers = (c_int * 2)()
        self._modes = [byref(self._integers, 4 * number) for number in range(2)]
        self._colour = (c_uint * 4)()
        self._parts = [byref(self._colour, 4 * number) for number in range(4)]

    def lines(self) -> PageLines:
        horizontal, vertical = (
            pieces + [rule for rule in white if self._on_fill(rule, turned)]
            for pieces, white, turned in zip(self._pieces, self._white, (False, True), strict=True)
        )
        return PageLines(
            join_pieces(horizontal), join_pieces(vertical), self._fills, self._image_area, self._curved, self._cut
        )

    def _on_fill(self, rule: Rule, turned: bool) -> bool:
        """A white rule is seen on a coloured area only."""
        if len(self._fills) > _MOST_FILLS:
            return False
        middle = (rule.start + rule.end) / 2
        x, y = (rule.at, middle) if turned else (middle, rule.at)
        return any(
            box[0] - SNAP <= x <= box[2] + SNAP and box[1] - SNAP <= y <= box[3] + SNAP for box, _ in self._fills
        )

    def walk(self, get: Callable[..., Handle], container: Any, count: int, matrix: Matrix, depth: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooManyObjects
        items = list(map(get, repeat(container), range(count)))
        kinds = list(map(_type, items))
        self._texts(list(compress(items, map(_TEXT.__eq__, kinds))), matrix)  # nine of ten
        others = compress(zip(items, kinds, strict=True), map(_TEXT.__ne__, kinds))
        for item, kind in others:
            if kind == _PATH:
                self._path(item, matrix)
            elif kind == _IMAGE:
                self._image(item, matrix)
            elif kind == _FORM and depth < _DEEPEST_FORM:
                inner = self._own_matrix(item).then(matrix)
                self.walk(_form_object, item, _count_form_objects(item), inner, depth + 1)

    def _texts(self, items: list[Handle], matrix: Matrix) -> None:
        """Which texts reach beyond their clip paths.

        Only spreadsheets clip texts to cells. Asking all of them costs a tenth of the reading, so some tell first.
        """
        if not any(map(self._is_clipped_to_a_cell, items[:: max(1, len(items) // _TELLING)], repeat(matrix))):
            return
        floats, places, known = self._floats, self._places, self._clips
        clips = list(map(_clip_path, items))
        for item, clip, paths in zip(items, clips, map(_count_clips, clips), strict=True):
            if paths <= 0:
                continue
            # objects that are clipped alike share their paths
            key = _clip_start(clip, paths - 1, 0)
            if key not in known:
                known[key] = self._clip_box(clip, paths, matrix)
            shown = known[key]
            if shown is None or not _bounds(item, *places):
                continue
            x0, y0, x1, y1, _, _ = floats if matrix is IDENTITY else (*matrix.box(*floats[:4]), 0, 0)
            left, low, right, high = shown
            if left - x0 > _CUT or low - y0 > _CUT or x1 - right > _CUT or y1 - high > _CUT:
                self._cut[item.value or 0] = shown

    def _is_clipped_to_a_cell(self, item: Handle, matrix: Matrix) -> bool:
        clip = _clip_path(item)
        last = _count_clips(clip) - 1
        if last < 0 or _count_clip_segments(clip, last) < 3:
            return False
        # two opposite corners
        return abs(self._corner(clip, last, 0, matrix)[0] - self._corner(clip, last, 2, matrix)[0]) <= _WIDEST_CELL

    def _clip_box(self, clip: Handle, paths: int, matrix: Matrix) -> Box | None:
        """The box around what all the paths leave; None where that is nothing, or more than a cell."""
        left, low, right, high = -_FAR, -_FAR, _FAR, _FAR
        for path in range(paths):
            corners = [self._corner(clip, path, n, matrix) for n in range(_count_clip_segments(clip, path))]
            if corners:
                xs, ys = [p[0] for p in corners], [p[1] for p in corners]
                left, low, right, high = max(left, min(xs)), max(low, min(ys)), min(right, max(xs)), min(high, max(ys))
        wide, tall = right - left, high - low
        whole = wide > _WIDEST_CELL and tall > _TALLEST_CELL  # of a page or a table: Word clips each text so
        return None if whole or wide <= 1 or tall <= 1 else (left, low, right, high)

    def _own_matrix(self, item: Handle) -> Matrix:
        return Matrix(*self._floats) if _matrix(item, self._places[0]) else IDENTITY

    def _box(self, item: Handle, matrix: Matrix) -> Box:
        if not _bounds(item, *self._places):
            return 0.0, 0.0, 0.0, 0.0
        x0, y0, x1, y1, *_ = self._floats
        return (x0, y0, x1, y1) if matrix is IDENTITY else matrix.box(x0, y0, x1, y1)

    def _image(self, item: Handle, matrix: Matrix) -> None:
        box = self._visible(item, self._box(item, matrix), matrix)
        if box is None:
            return
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            self._thin(box, self._pieces)
        else:
            self._image_area += (box[2] - box[0]) * (box[3] - box[1])

    # --- paths

    def _path(self, item: Handle, matrix: Matrix) -> None:
        _draw_mode(item, *self._modes)
        filled, stroked = self._integers
        fill = self._shade(_fill_colour, item) if filled else None
        stroke = self._shade(_stroke_colour, item) if stroked else None
        if fill is None and stroke is None:
            return
        outer = self._box(item, matrix)
        count = _count_segments(item)
        thin = min(outer[2] - outer[0], outer[3] - outer[1]) <= THIN
        # a filled rectangle, or one stroked line: its bounds say it all (two collinear lines would seem one)
        if thin and count <= (5 if filled else 2):
            box = self._visible(item, outer, matrix)
            if box:
                dark = any(shade is not None and shade != _PAPER for shade in (fill, stroke))
                self._thin(box, self._pieces if dark else self._white)
            return
        if fill is not None and stroke is None and count <= 5:
            box = self._visible(item, outer, matrix)
            if box and self._is_upright(matrix):
                self._area(box, fill)
            return
        self._shape(item, matrix, fill, stroke)

    @staticmethod
    def _is_upright(matrix: Matrix) -> bool:
        return abs(matrix.a) + abs(matrix.d) < 1e-3 or abs(matrix.b) + abs(matrix.c) < 1e-3

    def _shade(self, get: Callable[..., Any], item: Handle) -> int | None:
        """The colour, or None for a transparent one. A pattern has no colour: it counts as black."""
        if not get(item, *self._parts):
            return 0
        red, green, blue, alpha = self._colour
        if alpha < 8:
            return None
        if red >= _WHITE and green >= _WHITE and blue >= _WHITE:
            return _PAPER
        return red << 16 | green << 8 | blue

    def _visible(self, item: Handle, box: Box, matrix: Matrix) -> Box | None:
        """The part of a box that the clip path of its object leaves; None where that is nothing."""
        clip = _clip_path(item)
        if not clip:
            return box
        for index in range(_count_clips(clip)):
            count = _count_clip_segments(clip, index)
            if count < 3:
                continue
            # two opposite corners tell mostly that all of the box is seen
            ax, ay = self._corner(clip, index, 0, matrix)
            bx, by = self._corner(clip, index, 2, matrix)
            x0, y0, x1, y1 = box
            if min(ax, bx) <= x0 and x1 <= max(ax, bx) and min(ay, by) <= y0 and y1 <= max(ay, by):
                continue
            others = [number for number in range(count) if number not in (0, 2)]
            corners = [(ax, ay), (bx, by), *(self._corner(clip, index, number, matrix) for number in others)]
            xs, ys = [p[0] for p in corners], [p[1] for p in corners]
            box = max(x0, min(xs)), max(y0, min(ys)), min(x1, max(xs)), min(y1, max(ys))
            if box[2] < box[0] or box[3] < box[1]:
                return None
        return box

    def _corner(self, clip: Handle, path: int, number: int, matrix: Matrix) -> tuple[float, float]:
        point = self._point(_clip_segment(clip, path, number))
        return point if matrix is IDENTITY else matrix.point(*point)

    def _point(self, segment: Handle) -> tuple[float, float]:
        _segment_point(segment, self._x, self._y)
        return self._floats[0], self._floats[1]

    def _thin(self, box: Box, pieces: tuple[list[Rule], list[Rule]]) -> None:
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        # a dot may belong to a dotted rule in either direction
        if height <= THIN and (width >= height or width <= THIN):
            pieces[0].append(Rule((y0 + y1) / 2, x0, x1))
        if width <= THIN and (height >= width or height <= THIN):
            pieces[1].append(Rule((x0 + x1) / 2, y0, y1))

    def _area(self, box: Box, shade: int | None) -> None:
        """A filled area as far as it is seen: clipped to a strip (WeasyPrint draws each border so) it is a rule."""
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            self._thin(box, self._white if shade == _PAPER else self._pieces)
        elif shade not in (None, _PAPER):
            self._fills.append(Fill(box, shade or 0))

    def _shape(self, item: Handle, matrix: Matrix, fill: int | None, stroke: int | None) -> None:
        """A path of several pieces: each outline that is a thin area is a rule, as are the stroked straight sides."""
        whole = self._own_matrix(item).then(matrix)
        dark = any(shade is not None and shade != _PAPER for shade in (fill, stroke))
        areas: list[Box] = []
        curved = False
        for points, straight in self._outlines(item, whole):
            curved = curved or not straight
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            box = min(xs), min(ys), max(xs), max(ys)
            if straight and min(box[2] - box[0], box[3] - box[1]) <= THIN:
                seen = self._visible(item, box, matrix)
                if seen:
                    self._thin(seen, self._pieces if dark else self._white)
                continue
            if fill is not None and straight and _is_rectangle(points):
                areas.append(box)
            if stroke is not None:
                self._sides(item, points, stroke, matrix)
        self._curved += curved
        if len(areas) == 2 and (frame := _frame(*areas)) is not None:
            areas = frame
        for area in areas:
            seen = self._visible(item, area, matrix)
            if seen:
                self._area(seen, fill)

    def _sides(self, item: Handle, points: list[tuple[float, float]], stroke: int, matrix: Matrix) -> None:
        pieces = self._white if stroke == _PAPER else self._pieces
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ax - bx) > _STRAIGHT and abs(ay - by) > _STRAIGHT:
                continue
            box = self._visible(item, (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)), matrix)
            if box is None:
                continue
            if abs(ay - by) <= _STRAIGHT:
                pieces[0].append(Rule((box[1] + box[3]) / 2, box[0], box[2]))
            else:
                pieces[1].append(Rule((box[0] + box[2]) / 2, box[1], box[3]))

    def _outlines(self, item: Handle, matrix: Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
        """The points of each outline (a closed one ends where it begins), and whether it has straight sides only.

        A curve breaks an outline in two, so that the straight sides of a rounded rectangle remain.
        """
        points: list[tuple[float, float]] = []
        first: tuple[float, float] | None = None
        straight = True
        for index in range(_count_segments(item)):
            segment = _segment(item, index)
            kind = _segment_type(segment)
            point = matrix.point(*self._point(segment))
            if kind == raw.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points, straight
                points, first, straight = [point], point, True
            elif kind == raw.FPDF_SEGMENT_BEZIERTO:
                if len(points) > 1:
                    yield points, False
                points, straight = [point], False
            else:
                points.append(point)
            if _segment_close(segment) and first is not None:
                points.append(first)
                yield points, straight
                points = [first]
        if len(points) > 1:
            yield points, straight


_PAPER = 0xFFFFFF


def _frame(outer: Box, inner: Box) -> list[Box] | None:
    """The four strips of a frame (a filled rectangle in a filled rectangle leaves a hole), if it is a thin one."""
    if outer[2] - outer[0] + outer[3] - outer[1] < inner[2] - inner[0] + inner[3] - inner[1]:
        outer, inner = inner, outer
    strips = [
        (outer[0], outer[1], inner[0], outer[3]),
        (outer[0], outer[1], outer[2], inner[1]),
        (inner[2], outer[1], outer[2], outer[3]),
        (outer[0], inner[3], outer[2], outer[3]),
    ]
    widths = [min(x1 - x0, y1 - y0) for x0, y0, x1, y1 in strips]
    if min(widths) < -_STRAIGHT or max(widths) > THIN:
        return None
    return [strip for strip, width in zip(strips, widths, strict=True) if width > 0]


def _is_rectangle(points: list[tuple[float, float]]) -> bool:
    sides = pairwise(points)
    return 4 <= len(points) <= 6 and all(min(abs(a[0] - b[0]), abs(a[1] - b[1])) <= _STRAIGHT for a, b in sides)


# --- pieces → rules --------------------------------------------------------------------------------------------------


def join_pieces(pieces: Iterable[Rule]) -> list[Rule]:
    """Pieces on one line that meet, overlap or are dashes of one rule, as one rule; dots that form none are dropped."""
    rules: list[Rule] = []
    for group in _near(sorted(pieces)):
        group.sort(key=lambda piece: piece.start)
        at, start, end = group[0]
        weight, length, last = at * (end - start + 0.01), end - start + 0.01, end - start
        for piece in group[1:]:
            gap = piece.start - end
            size = piece.end - piece.start
            dash = max(last, size) <= _SHORT and gap <= min(_WIDEST_DASH_GAP, 2.5 * min(last, size))
            if gap > SNAP and not dash:
                rules.append(Rule(weight / length, start, end))
                _, start, end = piece
                weight, length = 0.0, 0.0
            end = max(end, piece.end)
            weight, length, last = weight + piece.at * (size + 0.01), length + size + 0.01, size
        rules.append(Rule(weight / length, start, end))
    return [rule for rule in rules if rule.end - rule.start >= _SHORTEST]


def _near(pieces: list[Rule]) -> Iterator[list[Rule]]:
    """Groups of pieces at one position: none is farther than `SNAP` from the first."""
    group: list[Rule] = []
    for piece in pieces:
        if group and piece.at - group[0].at > SNAP:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group
