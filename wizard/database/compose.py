"""Database services of a Docker Compose file, read without a YAML library.

Only the plain form is understood: block mappings with an indented ``services``. Whatever is
unclear (anchors, flow mappings, templates) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.database.dotenv import expand
from wizard.database.urls import build_url

_PAIR = re.compile(r"(?P<key>\"[^\"]+\"|'[^']+'|[^\s#:'\"][^:#]*?)\s*:(?:\s+(?P<value>.*))?$")
_POSTGRES = re.compile(
    r"(?:^|/)(?:postgres|postgis|postgresql|timescaledb(?:-ha)?|pgvector)(?:$|[:@])"
)
_MYSQL = re.compile(
    r"(?:^|/)(?:alpine-)?(?:mysql|mariadb|percona)(?:-server)?(?:$|[:@])|(?:^|/)mariadb/"
)


@dataclass(slots=True)
class Node:
    """A mapping or a list of a YAML file; scalars are in ``text``."""

    text: str = ""
    children: dict[str, Node] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A database service: its name and the URL by which this machine reaches it."""

    name: str
    url: str


def compose_services(text: str, environ: Mapping[str, str]) -> tuple[Service, ...]:
    """Return the PostgreSQL and MySQL services whose port is published; never raises."""
    services = _read(text).children.get("services", Node())
    found = []
    for name, node in services.children.items():
        url = _service_url(node, environ)
        if url:
            found.append(Service(name=name, url=url))
    return tuple(found)


def _service_url(node: Node, environ: Mapping[str, str]) -> str | None:
    def leaf(key: str) -> str:
        return expand(node.children.get(key, Node()).text, environ)

    image = leaf("image").lower()
    variables = _variables(node.children.get("environment", Node()), environ)
    if _POSTGRES.search(image):
        port = _published(node, "5432", environ)
        user = variables.get("POSTGRES_USER") or "postgres"
        if port is None:
            return None
        return build_url(
            "postgresql",
            user=user,
            password=variables.get("POSTGRES_PASSWORD", ""),
            host="localhost",
            port=port,
            database=variables.get("POSTGRES_DB") or user,
        )
    if _MYSQL.search(image):
        port = _published(node, "3306", environ)
        if port is None:
            return None
        # MariaDB's image understands the names of MySQL's, too.
        given = {
            name: variables.get(f"MARIADB_{name}") or variables.get(f"MYSQL_{name}") or ""
            for name in ("USER", "PASSWORD", "ROOT_PASSWORD", "DATABASE")
        }
        if not given["DATABASE"]:
            return None  # the server has none that a project could be about
        return build_url(
            "mariadb" if "mariadb" in image else "mysql",
            user=given["USER"] or "root",
            password=given["PASSWORD" if given["USER"] else "ROOT_PASSWORD"],
            host="localhost",
            port=port,
            database=given["DATABASE"],
        )
    return None


def _variables(node: Node, environ: Mapping[str, str]) -> dict[str, str]:
    pairs = {name: child.text for name, child in node.children.items()}
    for item in node.items:
        name, equals, value = item.partition("=")
        pairs[name.strip()] = value if equals else environ.get(name.strip(), "")
    return {name: expand(value, environ) for name, value in pairs.items()}


def _published(node: Node, inner: str, environ: Mapping[str, str]) -> str | None:
    for item in node.children.get("ports", Node()).items:
        text = expand(item, environ).removesuffix("/tcp")
        match = re.fullmatch(r"(?:[\w.\[\]:]*:)?(\d+):(\d+)", text)
        if match and match.group(2) == inner:
            return match.group(1)
    return None


def _read(text: str) -> Node:
    """Read block mappings and lists of scalars by their indentation."""
    root = Node()
    stack: list[tuple[int, Node]] = [(-1, root)]
    for raw in text.replace("\t", "    ").splitlines():
        stripped = raw.strip()
        if not stripped or stripped.startswith("#") or stripped in ("---", "..."):
            continue
        indent = len(raw) - len(raw.lstrip())
        if stripped == "-" or stripped.startswith("- "):
            # A list may stand at the same indentation as its key.
            while len(stack) > 1 and stack[-1][0] > indent:
                stack.pop()
            stack[-1][1].items.append(_scalar(stripped[1:]))
            continue
        match = _PAIR.match(stripped)
        if match is None:
            continue
        while len(stack) > 1 and stack[-1][0] >= indent:
            stack.pop()
        node = Node(text=_scalar(match.group("value") or ""))
        if node.text.startswith("[") and node.text.endswith("]"):
            node.items = [_scalar(one) for one in node.text[1:-1].split(",") if one.strip()]
        stack[-1][1].children[match.group("key").strip("\"'")] = node
        stack.append((indent, node))
    return root


def _scalar(text: str) -> str:
    value = text.strip()
    value = re.sub(r"^[&!][^\s]+\s*", "", value)
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    return re.split(r"\s#", value, maxsplit=1)[0].strip()
