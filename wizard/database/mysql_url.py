"""URLs of MySQL and MariaDB: where the server is, and how its session is encrypted."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.database.urls import DatabaseUrl, redact, split_url
from wizard.model.errors import AnswerError

#: Encryption as MySQL's own clients call it, from none to all.
MODES = ("disabled", "preferred", "required", "verify_ca", "verify_identity")
_SPELLINGS: Mapping[str, str] = {
    **{mode: mode for mode in MODES},
    "disable": "disabled",
    "prefer": "preferred",
    "allow": "preferred",
    "require": "required",
    "verify_full": "verify_identity",
    # Go, Prisma and Node.
    "skip_verify": "required",
    "strict": "verify_identity",
    "accept_invalid_certs": "required",
}
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
#: A switch that is on, and what it asks for.
_SWITCHES: Mapping[str, str] = {
    "ssl": "required",
    "use_ssl": "required",
    "usessl": "required",
    "requiressl": "required",
    "tls": "verify_identity",
    "ssl_verify_cert": "verify_ca",
    "verifyservercertificate": "verify_ca",
    "ssl_verify_identity": "verify_identity",
    "ssl_check_hostname": "verify_identity",
}
_FILES: Mapping[str, str] = {
    "ssl_ca": "ssl_ca",
    "sslca": "ssl_ca",
    "sslrootcert": "ssl_ca",
    "ssl_cert": "ssl_cert",
    "sslcert": "ssl_cert",
    "ssl_key": "ssl_key",
    "sslkey": "ssl_key",
    "read_default_file": "read_default_file",
    "read_default_group": "read_default_group",
}


def read_mysql_url(url: str, dialect: str) -> DatabaseUrl:
    """Read a URL as any driver of MySQL or MariaDB writes it; raises AnswerError (`bad-url`).

    ``options`` hold at most ``unix_socket``, ``ssl_mode`` (one of `MODES`), ``ssl_ca``,
    ``ssl_cert``, ``ssl_key``, ``read_default_file`` and ``read_default_group``.
    """
    parts = split_url(url)
    given = {key.lower().replace("-", "_"): value for key, value in parts.options.items()}
    database = given.get("database") or given.get("db") or parts.database
    if not database:
        raise AnswerError(
            "bad-url",
            "the URL names no database on its server",
            why="one server keeps many databases, and migwiz reads one",
            next_actions=(f"write {dialect}://user@host:3306/name",),
            flag="--url",
        )
    host = given.get("host") or (parts.hosts[0] if parts.hosts else "")
    socket = given.get("unix_socket") or given.get("socket") or ""
    if host.startswith("/"):
        socket, host = socket or host, ""
    options = {name: given[key] for key, name in _FILES.items() if given.get(key)}
    if socket:
        options["unix_socket"], host = socket, ""
    mode = _mode(given)
    if mode:
        options["ssl_mode"] = mode
    return DatabaseUrl(
        dialect=dialect,
        url=url,
        shown=redact(url),
        database=database,
        host=host,
        port="" if socket else given.get("port") or (parts.ports[0] if parts.ports else ""),
        user=given.get("user") or parts.user or None,
        password=given.get("password") or given.get("passwd") or parts.password or None,
        options=tuple(options.items()),
    )


def _mode(given: Mapping[str, str]) -> str | None:
    """Return the strictest encryption that is asked for, None when nothing is said."""
    if given.get("ssl_disabled", "").lower() in _TRUE:
        return "disabled"
    asked = [_spelt(given[key]) for key in ("ssl_mode", "sslmode", "sslaccept") if key in given]
    for key, meaning in _SWITCHES.items():
        value = given.get(key, "").lower()
        if value.startswith("{"):
            # Node writes its options as JSON here.
            checks = '"rejectunauthorized":true' in value.replace(" ", "")
            asked.append("verify_identity" if checks else meaning)
        elif value in _TRUE:
            asked.append(meaning)
        elif value in _FALSE and key in ("ssl", "usessl", "use_ssl", "tls"):
            asked.append("disabled")
        elif value:
            asked.append(_spelt(value))
    known = [one for one in asked if one]
    return max(known, key=MODES.index) if known else None


def _spelt(value: str) -> str | None:
    return _SPELLINGS.get(value.lower().replace("-", "_"))
