"""spirit works with MySQL only, of which no server can be had here: see its flags, and it refuse."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import tools
from handover_shop import ORDERS, Shop, need

from wizard.handover.base import Limits, Server
from wizard.handover.spirit import TOOL

#: What the documents of 0.16.0 and of the main branch of August 2026 list, beside 0.15.1's own help.
LATER = frozenset(
    {
        *("--conf", "--database", "--defer-cutover", "--host", "--lock-wait-timeout"),
        *("--skip-drop-after-cutover", "--statement", "--username"),
    }
)


@pytest.fixture(scope="module")
def program() -> Path:
    return tools.spirit()


def test_every_flag_is_known(program: Path) -> None:
    said = subprocess.run(
        [program, "migrate", "--help"], capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"--[a-z-]+", said))
    server = Server(database="shop", defaults_file="/etc/shop.cnf", user="alter")
    lines = TOOL.command(need(), Limits(hold_swap=True), server).lines
    used = {word.split("=")[0] for words in lines for word in words if word.startswith("--")}
    assert used == LATER
    assert used <= known
    assert "--no-such-flag" not in known


@pytest.mark.server
def test_it_refuses_mariadb(shop: Shop, program: Path) -> None:
    shop.load(ORDERS)
    before = shop.definition()
    done = shop.run(TOOL.command(need(), Limits(), shop.server).execute, program)
    assert done.returncode != 0
    assert "Unknown system variable" in done.stdout + done.stderr
    assert (shop.definition(), shop.tables()) == (before, {"orders"})
    assert str(shop.host.password) not in done.stdout + done.stderr
    assert TOOL.refuses(need(engine="mariadb", version=(10, 11))) is not None
