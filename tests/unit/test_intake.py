"""The raw folder: every document once, every other file with a reason, and a manifest that says where it errs."""

from __future__ import annotations

import hashlib
import os
import sys
import traceback
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.intake import Intake, ManifestEntry, ManifestError, read_manifest, scan_folder

LIMIT = 1000
NOBODY = 65534


def scan(raw: Path) -> Intake:
    return scan_folder(raw, LIMIT)


def names(intake: Intake) -> list[str]:
    return [source.file_name for source in intake.sources]


def reasons(intake: Intake) -> dict[str, str]:
    return {rejected.file_name: rejected.reason for rejected in intake.rejected}


def test_documents_are_found_in_every_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/二.docx", "a.txt", "b/c/三.pdf", "没有后缀"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    intake = scan(tmp_path)
    assert names(intake) == ["a.txt", "b/c/三.pdf", "b/二.docx", "没有后缀"]
    assert intake.rejected == ()
    first = intake.sources[0]
    assert first.sha256 == hashlib.sha256(b"a.txt").hexdigest() and first.document_key == first.sha256[:16]
    assert first.byte_size == 5 and first.path == tmp_path / "a.txt"


def test_hidden_files_and_lock_files_of_word_are_no_documents(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$预算.docx"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.txt").write_text("y")
    assert scan(tmp_path) == Intake((), ())


def test_files_that_accompany_documents_are_counted_not_rejected(tmp_path: Path) -> None:
    for name in ("README.md", "files.CSV", "files.json"):
        (tmp_path / name).write_text("x")
    intake = scan(tmp_path)
    assert sorted(intake.companions) == ["README.md", "files.CSV", "files.json"]
    assert (intake.rejected, intake.sources) == ((), ())


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    assert reasons(scan(tmp_path)) == {"a.docx": "the file is empty (0 bytes): download it again"}


def test_a_file_over_the_limit_is_rejected_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "exact.txt").write_bytes(b"x" * LIMIT)
    with (tmp_path / "large.txt").open("wb") as handle:
        handle.truncate(10**12)  # sparse: reading it would never end
    intake = scan(tmp_path)
    assert names(intake) == ["exact.txt"] and "larger than" in reasons(intake)["large.txt"]


def test_copies_are_loaded_once_and_the_others_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("same")
    intake = scan(tmp_path)
    assert names(intake) == ["a.txt"]
    assert set(reasons(intake)) == {"b.txt", "c/d.txt"}
    assert all("the same as a.txt" in reason for reason in reasons(intake).values())
    assert {r.document_key for r in intake.rejected} == {intake.sources[0].document_key}


# ── what the file system can do ─────────────────────────────────────────────────────────────────────────────────


def test_a_directory_loop_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "x.txt").write_text("x")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path)
    intake = scan(tmp_path)
    assert names(intake) == ["a/x.txt"]
    assert set(reasons(intake)) == {"a/b/up", "self"}
    assert all("directory loop" in reason for reason in reasons(intake).values())


def test_a_link_to_a_folder_beside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.txt").write_text("x")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "link").symlink_to(tmp_path / "outside")
    assert names(scan(tmp_path / "raw")) == ["link/x.txt"]


def test_a_dangling_link_is_rejected_with_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "gone.docx").symlink_to(tmp_path / "nowhere")
    assert "the link leads nowhere" in reasons(scan(tmp_path))["gone.docx"]


def test_a_pipe_is_rejected_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.docx")
    assert reasons(scan(tmp_path)) == {"pipe.docx": "it is no regular file (a pipe, a socket or a device)"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the check drops its rights in a forked process")
def test_a_file_or_folder_without_read_permission_is_rejected_and_the_others_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("good")
    (tmp_path / "secret.docx").write_text("secret")
    (tmp_path / "closed").mkdir()
    (tmp_path / "secret.docx").chmod(0)
    (tmp_path / "closed").chmod(0)
    folder = os.open(tmp_path, os.O_RDONLY)  # pytest's folders above are private to root
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.fchmod(folder, 0o755)
            os.fchdir(folder)
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            intake = scan(Path())
            assert names(intake) == ["good.txt"], intake
            assert "read permission" in reasons(intake)["secret.docx"], intake
            assert "cannot be opened" in reasons(intake)["closed"], intake
            status = 0
        except Exception:  # noqa: BLE001  pytest must not go on in the child
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(status)
    os.close(folder)
    _, status = os.waitpid(child, 0)
    (tmp_path / "closed").chmod(0o700)
    assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("kind", ["absent", "file"])
def test_a_raw_folder_that_is_none_says_what_to_give(tmp_path: Path, kind: str) -> None:
    raw = tmp_path / "raw"
    if kind == "file":
        raw.write_text("x")
    with pytest.raises(FileNotFoundError, match="--raw"):
        scan(raw)


# ── the manifest ────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = "file_name,source_url,published_on,retrieved_at,region_code,note\n"


def manifest(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "manifest.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_no_manifest_is_an_empty_one(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest.csv") == {}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_line_says_where_a_file_came_from(tmp_path: Path, mark: bytes) -> None:
    line = "a/一.docx,https://example.org/1,2023-02-17,2023-02-18T09:00:00+08:00,130500,某注\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "一.docx").write_text("x")
    manifest(tmp_path, mark + (HEAD + line).encode())
    entry = scan(tmp_path).sources[0].entry
    assert entry is not None
    assert (entry.source_url, entry.region_code) == ("https://example.org/1", "130500")
    assert entry.published_on == date(2023, 2, 17)
    assert entry.retrieved_at == datetime(2023, 2, 18, 1, tzinfo=UTC)


def test_blank_fields_are_none_and_a_time_without_zone_is_utc(tmp_path: Path) -> None:
    found = read_manifest(manifest(tmp_path, HEAD + "a.docx,,,2023-02-18 09:00:00,,\nb.docx\n"))
    assert found["a.docx"].retrieved_at == datetime(2023, 2, 18, 9, tzinfo=UTC)
    assert found["b.docx"] == ManifestEntry("b.docx")


def test_a_line_whose_file_is_not_there_is_told(tmp_path: Path) -> None:
    manifest(tmp_path, HEAD + "gone.docx,,,,,\n")
    assert scan(tmp_path).unmatched_entries == ("gone.docx",)


def test_a_line_for_a_rejected_file_is_not_unmatched(tmp_path: Path) -> None:
    (tmp_path / "empty.docx").touch()
    manifest(tmp_path, HEAD + "empty.docx,,,,,\n")
    assert scan(tmp_path).unmatched_entries == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,url\n", ["line 1", "file_name", "['file', 'url']"]),
        ("source_url\n", ["line 1", "file_name"]),
        ("", ["line 1"]),
        (HEAD + "a.docx,,,,,\n,,,,,\n", ["line 3", "file_name is empty"]),
        (HEAD + "a.docx,,17.2.2023,,,\n", ["line 2", "17.2.2023", "2023-02-17"]),
        (HEAD + "a.docx,,2023-02-30,,,\n", ["line 2", "dates are written"]),
        (HEAD + "a.docx,,,yesterday,,\n", ["line 2", "yesterday"]),
        (HEAD + "a.docx,,,,,\nb.docx,,,,,\na.docx,,,,,\n", ["line 4", "a.docx is listed twice"]),
        (HEAD + 'a.docx,"x"y,,,,\n', ["not a CSV file"]),
        (HEAD + "a.docx,,,,,note, with a comma\n", ["line 2", "more fields"]),
        (HEAD.encode() + "预算.docx,,,,,\n".encode("gb18030"), ["UTF-8"]),
    ],
)
def test_a_wrong_manifest_names_file_line_and_mistake(tmp_path: Path, text: str | bytes, words: list[str]) -> None:
    with pytest.raises(ManifestError) as error:
        read_manifest(manifest(tmp_path, text))
    for word in ["manifest.csv", *words]:
        assert word in str(error.value)


def test_of_several_copies_the_one_in_the_manifest_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "manifest.csv").write_text("file_name,region_code\nb.txt,130500\n")
    intake = scan(tmp_path)
    assert names(intake) == ["b.txt"]
    assert set(reasons(intake).values()) == {"it is byte for byte the same as b.txt; delete one of them"}
    assert sorted(reasons(intake)) == ["a.txt", "c.txt"]
