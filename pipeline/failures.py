"""What the machine refuses, in one line with the remedy: folders that are none, missing rights, a full disk."""

from __future__ import annotations

import errno
import os
import sys

WRONG_USE = 2
MACHINE = 5

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REMEDIES = {
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EROFS),
        (WRONG_USE, "give the user who runs this the right to it, or name another place"),
    ),
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), (WRONG_USE, "a file stands where a folder should be: name another")),
    errno.EISDIR: (WRONG_USE, "a folder stands where a file should be: name another"),
    errno.ENOENT: (WRONG_USE, "it is not there: make it, or name another"),
    errno.ENAMETOOLONG: (WRONG_USE, "name a shorter one"),
    errno.ELOOP: (WRONG_USE, "the link leads back to itself: name another"),
    errno.EMFILE: (MACHINE, "too many open files: raise the limit (ulimit -n), or use fewer --workers"),
    errno.ENOMEM: (MACHINE, "the machine has not enough memory: use fewer --workers"),
    **dict.fromkeys(_DISK_FULL, (MACHINE, "the disk is full: make room and run again")),
}
_OTHER = (MACHINE, "the machine refused it: see its log, then run again")


def in_words(error: BaseException) -> tuple[int, str] | None:
    """(exit code, one line with the remedy) of an error that the machine is the cause of; None for any other."""
    if isinstance(error, OSError):
        code, remedy = _REMEDIES.get(error.errno or 0, _OTHER)
        what = " → ".join(
            os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)
        )
        return code, f"{what or 'a file'}: {error.strerror or error}; {remedy}"
    if isinstance(error, MemoryError):
        return _REMEDIES[errno.ENOMEM]
    duckdb = sys.modules.get("duckdb")  # only who has loaded it can have an error of its
    if duckdb is not None and isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        code, remedy = _of_text(str(error)) or _OTHER
        return code, f"{' '.join(str(error).split())}; {remedy}"
    return None


def full_disk(message: str) -> str | None:
    """The remedy, if what a library says of a failure is that the disk is full."""
    found = _of_text(message)
    return found[1] if found and found[0] == MACHINE else None


def _of_text(message: str) -> tuple[int, str] | None:
    for number in (*_DISK_FULL, errno.EACCES, errno.EROFS, errno.EMFILE, errno.ENOMEM):
        if os.strerror(number) in message:
            return _REMEDIES[number]
    return None
