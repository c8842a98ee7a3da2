"""The figures or rows of a document, of which one part after the other is needed, never two at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar, overload

from pipeline.documents.packed import pack, unpack, values_of


class OfPart(Protocol):
    """What says of itself which part it belongs to; in fact a dataclass."""

    @property
    def part(self) -> int: ...


T = TypeVar("T", bound=OfPart)


class ByPart(Sequence[T]):
    """Values of one dataclass, part by part: those of part 1 as they are, those of each further one packed.

    Part 1 is asked for often, and most documents have no other. A figure is 0.8 KB as an object and 0.05 KB packed.
    """

    __slots__ = ("_count", "_first", "_kind", "_packed")

    def __init__(self, kind: type[T], first: Sequence[T] = ()) -> None:
        self._kind = kind
        self._first = tuple(first)
        self._packed: dict[int, bytes] = {}
        self._count = len(self._first)

    def of(self, part: int) -> tuple[T, ...]:
        if part == 1:
            return self._first
        return unpack(self._kind, self._packed[part]) if part in self._packed else ()

    def with_more(self, part: int, more: Sequence[T]) -> ByPart[T]:
        """These and ``more`` of one part, which come after those that the part has."""
        longer = ByPart(self._kind, (*self._first, *more) if part == 1 else self._first)
        longer._packed = dict(self._packed)
        if part != 1 and more:
            longer._packed[part] = pack(values_of(self._kind, (*self.of(part), *more)))
        longer._count = self._count + len(more)
        return longer

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        yield from self._first
        for part in self._packed:
            yield from self.of(part)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByPart | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"ByPart({list(self)!r})"


def of_part(values: Sequence[T], part: int) -> Sequence[T]:
    """Those of one part, in their order."""
    return values.of(part) if isinstance(values, ByPart) else [value for value in values if value.part == part]


def with_more(values: Sequence[T], part: int, more: Sequence[T]) -> Sequence[T]:
    """These and ``more`` of one part."""
    return values.with_more(part, more) if isinstance(values, ByPart) else (*values, *more)
