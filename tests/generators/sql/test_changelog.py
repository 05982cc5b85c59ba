"""A further include in Liquibase's change log, in the log's own language and style."""

from __future__ import annotations

import json

import pytest

from generators.sql.changelog import first_includes, includes_all, with_includes

YAML = """\
# releases
databaseChangeLog:
- property:
    name: now
    value: now()
- include:
    file: db/changes/001-a.sql
- include:
    relativeToChangelogFile: true
    file: changes/002-b.sql
# the end
"""
XML = """\
<databaseChangeLog xmlns="x">
    <include file="changes/001-a.sql" relativeToChangelogFile="true"/>
    <include file="changes/002-b.sql"
             relativeToChangelogFile="true" context="prod"/>

</databaseChangeLog>
"""
JSON = """\
{
  "databaseChangeLog": [
    { "include": { "file": "changes/001-a.sql" } },
    {
      "include": {
        "file": "changes/002-b.sql"
      }
    }
  ]
}
"""


def test_yaml_keeps_its_indentation_and_comments() -> None:
    changed = with_includes(YAML, "m.yaml", "002-b.sql", ["003-c.sql", "004-d.sql"])
    assert changed is not None
    added = "".join(
        f"- include:\n    relativeToChangelogFile: true\n    file: changes/{name}\n"
        for name in ("003-c.sql", "004-d.sql")
    )
    assert changed == YAML.replace("# the end\n", f"{added}# the end\n")


def test_xml_keeps_attributes_and_what_follows() -> None:
    changed = with_includes(XML, "m.xml", "002-b.sql", ["003-c.sql"])
    assert changed is not None
    before, _, after = changed.partition('    <include file="changes/003-c.sql"\n')
    assert before == XML.partition("</databaseChangeLog>")[0]
    assert after == (
        '             relativeToChangelogFile="true" context="prod"/>\n</databaseChangeLog>\n'
    )


def test_json_stays_json() -> None:
    changed = with_includes(JSON, "m.json", "002-b.sql", ["003-c.sql", "004-d.sql"])
    assert changed is not None
    found = [one["include"]["file"] for one in json.loads(changed)["databaseChangeLog"]]
    assert found[2:] == ["changes/003-c.sql", "changes/004-d.sql"]
    assert changed.startswith(JSON[: JSON.rindex("\n  ]")])
    assert changed.count('    {\n      "include": {\n') == 3


@pytest.mark.parametrize(("text", "name"), [(YAML, "m.yml"), (XML, "m.xml"), (JSON, "m.json")])
def test_a_log_that_does_not_name_the_newest_file_is_not_it(text: str, name: str) -> None:
    assert with_includes(text, name, "2-b.sql", ["003-c.sql"]) is None
    assert with_includes(text, name, "009-x.sql", ["003-c.sql"]) is None


def test_an_empty_log_begins_with_paths_beside_it() -> None:
    assert first_includes("databaseChangeLog:\n", ["changes/1-a.sql"]) == (
        "databaseChangeLog:\n"
        "  - include:\n      file: changes/1-a.sql\n      relativeToChangelogFile: true\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "databaseChangeLog:\n  - includeAll:\n      path: db/changes/\n",
        '<includeAll relativeToChangelogFile="true" path="changes"/>',
        '{"includeAll": {"path": "classpath:db/changes"}}',
    ],
)
def test_a_log_may_include_a_whole_folder(text: str) -> None:
    assert includes_all(text, "src/main/resources/db/changes")
    assert not includes_all(text, "src/main/resources/db/exchanges")
