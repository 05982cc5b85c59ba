"""Rails' migrations by Active Record, of Debian's packages."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest
import tools

from generators.base import FileEdit, Project

from . import node
from .places import Place, versions

WANTED = "apt-get install ruby-activerecord ruby-pg ruby-mysql2 ruby-sqlite3"
ADAPTERS = {"postgresql": "postgresql", "mariadb": "mysql2", "sqlite": "sqlite3"}
SCRIPT = """
require "json"
require "active_record"
place = JSON.parse(%(connection)s)
place["username"] = place["user"] if place["user"]
place["socket"] = place["socketPath"] if place["socketPath"]
place["database"] ||= place["filename"]
ActiveRecord::Base.establish_connection(
  place.slice(*%%w[host port username password socket database]).merge("adapter" => "%(adapter)s")
)
ActiveRecord::Migration.verbose = false
context = ActiveRecord::MigrationContext.new(ARGV[0], ActiveRecord::SchemaMigration)
ARGV[1] == "0" ? context.migrate : context.rollback(ARGV[1].to_i)
"""
#: What the installed version knows; the newest one's is another.
FIRST = "class Start < ActiveRecord::Migration[6.1]\n  def change\n  end\nend\n"


class Rails:
    layout = "rails"
    engines = node.ENGINES

    def bring(self) -> None:
        ruby = tools.program("ruby", f"needs Ruby with Active Record: {WANTED}")
        gems = [
            word for one in ("active_record", "pg", "mysql2", "sqlite3") for word in ("-r", one)
        ]
        if subprocess.run([ruby, *gems, "-e", ""], capture_output=True, check=False).returncode:
            pytest.skip(f"needs Active Record: {WANTED}")

    def prepare(self, project: Project, place: Place) -> None:
        connection = repr(node.connection(place))
        words = {"connection": connection, "adapter": ADAPTERS[place.engine]}
        (place.home / "migrate.rb").write_text(SCRIPT % words)
        project.directory.mkdir(parents=True, exist_ok=True)
        (project.directory / "20200101000000_start.rb").write_text(FIRST)

    def up(self, project: Project, place: Place) -> str:
        return self._run(project, place, "0")

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        return self._run(project, place, str(len(versions(edits))))

    def _run(self, project: Project, place: Place, times: str) -> str:
        ruby = tools.program("ruby", f"needs Ruby with Active Record: {WANTED}")
        return place.run(ruby, place.home / "migrate.rb", project.directory, times)


DRIVER = Rails()
