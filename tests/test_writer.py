"""The writer: everything or nothing, nowhere else, and never over anybody's work."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from generators.base import FileEdit
from wizard import writer
from wizard.model.errors import ConflictError, ReachError


def create(path: Path, content: str = "new\n") -> FileEdit:
    return FileEdit(path=path, content=content, phase="expand")


def edit(path: Path, content: str, before: str | None) -> FileEdit:
    return FileEdit(path=path, content=content, phase="expand", action="edit", before=before)


def snapshot(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def test_new_files_and_folders_are_written_with_line_feeds(tmp_path: Path) -> None:
    paths = writer.write(
        [create(tmp_path / "db" / "migrations" / "1.sql", "a\r\nb\n"), create(tmp_path / "é.sql")],
        root=tmp_path,
    )

    assert paths == (tmp_path / "db" / "migrations" / "1.sql", tmp_path / "é.sql")
    assert snapshot(tmp_path) == {
        "db": None,
        "db/migrations": None,
        "db/migrations/1.sql": b"a\nb\n",
        "é.sql": b"new\n",
    }


def test_new_files_have_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("x")
    (path,) = writer.write([create(tmp_path / "ours")], root=tmp_path)
    assert path.stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_edits_keep_mode_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "lib.rs"
    path.write_bytes(b"\xef\xbb\xbfmod a;\r\nmod b;\r\n")
    path.chmod(0o750)

    writer.write([edit(path, "mod a;\nmod b;\nmod c;\n", "mod a;\nmod b;\n")], root=tmp_path)

    assert path.read_bytes() == b"\xef\xbb\xbfmod a;\r\nmod b;\r\nmod c;\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert [one.name for one in tmp_path.iterdir()] == ["lib.rs"]


def test_edits_keep_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(b"caf\xe9\n")
    writer.write([edit(path, "caf\xe9\nmore\n", "caf\xe9\n")], root=tmp_path)
    assert path.read_bytes() == b"caf\xe9\nmore\n"

    with pytest.raises(ConflictError) as raised:
        writer.write([edit(path, "caf\xe9 ✓\n", None)], root=tmp_path)
    assert raised.value.code == "file-changed"


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_nothing_is_overwritten(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "1.sql"
    if kind == "file":
        path.write_text("theirs")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    before = snapshot(tmp_path)

    with pytest.raises(ConflictError) as raised:
        writer.write([create(tmp_path / "0.sql"), create(path)], root=tmp_path)

    assert raised.value.code == "file-exists"
    assert snapshot(tmp_path) == before


def test_two_edits_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConflictError) as raised:
        writer.write([create(tmp_path / "a"), create(tmp_path / "." / "a")], root=tmp_path)
    assert raised.value.code == "file-exists"
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("now", ["mod a;\nmod z;\n", None])
def test_a_file_that_changed_or_went_is_not_edited(tmp_path: Path, now: str | None) -> None:
    path = tmp_path / "lib.rs"
    if now is not None:
        path.write_text(now)
    with pytest.raises(ConflictError) as raised:
        writer.write([create(tmp_path / "x"), edit(path, "new", "mod a;\n")], root=tmp_path)
    assert raised.value.code == "file-changed"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "target", ["../out.sql", "link/out.sql", "link/deep/out.sql", "new/../../o"]
)
def test_the_root_is_never_left(tmp_path: Path, target: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)

    with pytest.raises(ConflictError) as raised:
        writer.write([create(root / target)], root=root)

    assert raised.value.code == "outside-root"
    assert snapshot(outside) == {}
    assert snapshot(root) in ({"link": None},)


def test_an_edited_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("s")
    (root / "lib.rs").symlink_to(tmp_path / "secret")
    with pytest.raises(ConflictError) as raised:
        writer.write([edit(root / "lib.rs", "x", "s")], root=root)
    assert raised.value.code == "outside-root"
    assert (tmp_path / "secret").read_text() == "s"


def test_a_link_inside_the_root_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    (tmp_path / "real" / "lib.rs").write_text("a\n")
    (tmp_path / "lib.rs").symlink_to("real/lib.rs")

    writer.write(
        [create(tmp_path / "alias" / "1.sql"), edit(tmp_path / "lib.rs", "b\n", "a\n")],
        root=tmp_path,
    )

    assert (tmp_path / "real" / "1.sql").read_text() == "new\n"
    assert (tmp_path / "lib.rs").is_symlink()
    assert (tmp_path / "real" / "lib.rs").read_text() == "b\n"


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to("real")
    writer.write([create(tmp_path / "root" / "1.sql")], root=tmp_path / "root")
    assert (tmp_path / "real" / "1.sql").read_text() == "new\n"


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "migrations").write_text("not a folder")
    with pytest.raises(ReachError) as raised:
        writer.write([create(tmp_path / "migrations" / "1.sql")], root=tmp_path)
    assert raised.value.code == "unwritable"
    assert "not a folder" in raised.value.why
    assert raised.value.next_actions


def test_a_folder_without_the_right_to_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests may run as root, to whom every folder is writable.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ReachError) as raised:
        writer.write([create(tmp_path / "1.sql")], root=tmp_path)
    assert raised.value.code == "unwritable"
    assert str(tmp_path) in raised.value.message


def test_a_missing_root_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReachError):
        writer.write([create(tmp_path / "gone" / "1.sql")], root=tmp_path / "gone")


def failing_at(number: int, function, error: BaseException):  # type: ignore[no-untyped-def]
    """Return the function, failing at its ``number``-th call."""
    calls = [0]

    def wrapped(*args, **kwargs):  # type: ignore[no-untyped-def]
        calls[0] += 1
        if calls[0] == number:
            raise error
        return function(*args, **kwargs)

    return wrapped


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("fsync", 1),
        ("fsync", 2),
        ("fsync", 3),
        ("replace", 1),
        ("replace", 2),
        ("open", 2),
        ("open", 3),
    ],
)
def test_whatever_fails_leaves_everything_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    number: int,
    error: BaseException,
) -> None:
    one, two = tmp_path / "one.rs", tmp_path / "two.rs"
    one.write_text("one\n")
    two.write_text("two\n")
    two.chmod(0o640)
    before = snapshot(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, name, failing_at(number, getattr(os, name), error))
        with pytest.raises(
            KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else ReachError
        ):
            writer.write(
                [
                    edit(one, "ONE\n", "one\n"),
                    create(tmp_path / "deep" / "er" / "1.sql"),
                    edit(two, "TWO\n", "two\n"),
                ],
                root=tmp_path,
            )
    assert snapshot(tmp_path) == before
    assert stat.S_IMODE(two.stat().st_mode) == 0o640


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_around_the_creation_of_a_file_takes_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    link = os.link
    seen: list[str] = []

    def interrupted(source: str, target: str) -> None:
        seen.append(str(target))
        if len(seen) == 2 and when == "before":
            raise KeyboardInterrupt
        link(source, target)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.write([create(tmp_path / f"{n}.sql") for n in range(3)], root=tmp_path)
    assert len(seen) == 2
    assert snapshot(tmp_path) == {}


def no_links(source: str, target: str) -> None:
    raise OSError(errno.EOPNOTSUPP, "Operation not supported")


def test_file_systems_without_hard_links_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "lib.rs"
    path.write_text("a\n")
    writer.write([edit(path, "b\n", "a\n"), create(tmp_path / "1.sql")], root=tmp_path)
    assert snapshot(tmp_path) == {"1.sql": b"new\n", "lib.rs": b"b\n"}

    # Two temporary files, then the new file itself, written without a link.
    monkeypatch.setattr(os, "fsync", failing_at(3, os.fsync, OSError(errno.EIO, "I/O error")))
    with pytest.raises(ReachError):
        writer.write([edit(path, "c\n", "b\n"), create(tmp_path / "2.sql")], root=tmp_path)
    assert snapshot(tmp_path) == {"1.sql": b"new\n", "lib.rs": b"b\n"}


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    link = os.link

    def racing(source: str, target: Path) -> None:
        Path(target).write_text("theirs")
        (link if links else no_links)(source, target)

    monkeypatch.setattr(os, "link", racing)
    with pytest.raises(ConflictError) as raised:
        writer.write([create(tmp_path / "1.sql")], root=tmp_path)
    assert raised.value.code == "file-exists"
    assert snapshot(tmp_path) == {"1.sql": b"theirs"}


def test_a_file_that_changes_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lib.rs"
    path.write_text("a\n")
    link = os.link

    def racing(source: str, target: str) -> None:
        path.write_text("theirs\n")
        link(source, target)

    monkeypatch.setattr(os, "link", racing)
    with pytest.raises(ConflictError) as raised:
        writer.write([create(tmp_path / "1.sql"), edit(path, "b\n", "a\n")], root=tmp_path)
    assert raised.value.code == "file-changed"
    assert snapshot(tmp_path) == {"lib.rs": b"theirs\n"}


def test_diffs_are_unified_and_tell_a_missing_last_line_end(tmp_path: Path) -> None:
    diff = writer.preview_diff(edit(tmp_path / "a" / "x.rs", "1\n2", "1\n"), root=tmp_path)
    assert (
        diff == "--- a/a/x.rs\n+++ b/a/x.rs\n@@ -1 +1,2 @@\n 1\n+2\n\\ No newline at end of file\n"
    )
    assert writer.preview_diff(create(tmp_path / "1.sql")).startswith(
        "--- /dev/null\n+++ b/1.sql\n"
    )
