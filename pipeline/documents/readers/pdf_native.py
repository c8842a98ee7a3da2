"""pdfium's C functions called directly, and the affine maps between the spaces of a page.

The generated bindings of pypdfium2 convert each argument to a typed pointer. Handles and buffers are plain addresses
here, and where a function is called for every character they are arguments made beforehand: measured on the real
disclosures, origin and box of a character cost 0.26 µs together instead of 0.66 with plain addresses.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, NamedTuple

import pypdfium2.raw as raw  # type: ignore[import-untyped]

ADDRESS = ctypes.c_void_p
INTEGER = ctypes.c_int


class Handle(ctypes.c_void_p):
    """An address that pdfium returned, as it is passed on; false where pdfium returned none."""


def direct(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The C function with bare argument types; the caller vouches for every address that it passes."""
    address = ctypes.cast(function, ADDRESS).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


def bare(function: Any, result: Any = None) -> Callable[..., Any]:
    """The C function without argument types: it takes integers that fit 32 bits, and what `ready` and byref give."""
    address = ctypes.cast(function, ADDRESS).value
    return ctypes.PYFUNCTYPE(result)(address)  # type: ignore[arg-type]


def ready(address: int) -> Any:
    """An address as an argument of a `bare` function; made once, it is converted no more."""
    return ADDRESS.from_param(address)


def handle(pointer: Any) -> int:
    """A pdfium handle as the address that `direct` functions take."""
    return ctypes.cast(pointer, ADDRESS).value or 0


class Matrix(NamedTuple):
    """The affine map ``x' = a·x + c·y + e``, ``y' = b·x + d·y + f`` (the order of PDF)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, after: Matrix) -> Matrix:
        """The map that applies this one first."""
        return Matrix(
            self.a * after.a + self.b * after.c,
            self.a * after.b + self.b * after.d,
            self.c * after.a + self.d * after.c,
            self.c * after.b + self.d * after.d,
            self.e * after.a + self.f * after.c + after.e,
            self.e * after.b + self.f * after.d + after.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """The smallest upright box around the mapped one."""
        xa, ya = self.point(x0, y0)
        xb, yb = self.point(x1, y1)
        if self.b or self.c:
            xc, yc = self.point(x0, y1)
            xd, yd = self.point(x1, y0)
            return min(xa, xb, xc, xd), min(ya, yb, yc, yd), max(xa, xb, xc, xd), max(ya, yb, yc, yd)
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


IDENTITY = Matrix()


def quarter_turns(turns: int, width: float, height: float) -> Matrix:
    """A page of this size (points) turned clockwise, with its lower left corner back at the origin."""
    return (
        IDENTITY,
        Matrix(0, -1, 1, 0, 0, width),
        Matrix(-1, 0, 0, -1, width, height),
        Matrix(0, 1, -1, 0, height, 0),
    )[turns % 4]


class PageSpace(NamedTuple):
    """The visible page: its size as displayed (points), and the map from the content's space to the displayed one."""

    width: float
    height: float
    to_display: Matrix
    turns: int  # clockwise quarter turns that /Rotate asks for


def page_space(page: Any) -> PageSpace:
    """Of a raw page handle. The displayed space begins at the lower left corner of the crop box, after /Rotate."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    width, height = abs(box.right - box.left), abs(box.top - box.bottom)
    turns = max(raw.FPDFPage_GetRotation(page), 0)
    shift = Matrix(e=-min(box.left, box.right), f=-min(box.top, box.bottom))
    shown = (height, width) if turns % 2 else (width, height)
    return PageSpace(*shown, shift.then(quarter_turns(turns, width, height)), turns)
