"""A backfill cut by shards. No cluster runs here: one PostgreSQL plays the workers of a Citus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from backfill_runs import QUICK, Place, counted
from servers import TestServer

from wizard.backfilling import desk
from wizard.backfilling.runner import run
from wizard.backfilling.shards import pieces
from wizard.backfilling.work import Work
from wizard.database.urls import DatabaseUrl, parse_url
from wizard.dialects.flavours import engine
from wizard.model.errors import AnswerError
from wizard.model.names import TableName

CITUS = parse_url("postgresql://app:secret@coordinator:5432/shop?sslmode=require")
VITESS = parse_url("mysql://app:secret@vtgate:3306/shop")


def work(name: str, version: tuple[int, ...], flavour: str) -> Work:
    return Work(
        name="count/1",
        plan="count",
        title="count the rows",
        step=counted(),
        dialect=engine(name, version, flavour),
        total=1_000,
    )


def test_each_shard_of_citus_is_a_table_on_its_worker() -> None:
    asked: list[str] = []

    def query(sql: str) -> Sequence[Sequence[object]]:
        asked.append(sql)
        return [("worker-1", 5432, "items_102008"), ("worker-2", 6432, "items_102009")]

    found = pieces(work("postgresql", (16, 4), "citus 12.1"), CITUS, query)
    assert "FROM citus_shards WHERE table_name = 'items'::regclass" in asked[0]
    assert [one.work.name for one in found] == ["count/1@items_102008", "count/1@items_102009"]
    assert [one.work.step.table for one in found] == [
        TableName("items_102008"),
        TableName("items_102009"),
    ]
    assert [one.work.total for one in found] == [500, 500]
    assert [(one.url.host, one.url.port, one.url.database) for one in found] == [
        ("worker-1", "5432", "shop"),
        ("worker-2", "6432", "shop"),
    ]
    assert found[1].url.url == "postgresql://app:secret@worker-2:6432/shop?sslmode=require"
    assert "secret" not in found[1].url.shown
    assert found[1].url.options == CITUS.options
    assert "no shard be moved" in found[0].beware


def test_each_shard_of_vitess_is_a_target_of_the_proxy() -> None:
    found = pieces(
        work("mysql", (8, 0, 36), "vitess 20.0"), VITESS, lambda _: [("shop/-80",), ("shop/80-",)]
    )
    assert [(one.url.host, one.url.database) for one in found] == [
        ("vtgate", "shop/-80"),
        ("vtgate", "shop/80-"),
    ]
    assert parse_url(found[0].url.url).database == "shop/-80"
    assert {one.work.step.table for one in found} == {TableName("items")}


@pytest.mark.parametrize("rows", [[], None])
def test_without_shards_it_says_so(rows: list[Sequence[object]] | None) -> None:
    one = work("postgresql", (16, 4), "citus 12.1" if rows == [] else "")
    with pytest.raises(AnswerError) as caught:
        pieces(one, CITUS, lambda _: rows or [])
    assert caught.value.code == "no-shards"
    assert "--by-shard" in caught.value.next_actions[0]


@pytest.fixture
def cluster(postgres18: TestServer) -> Iterator[tuple[Place, DatabaseUrl]]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        place.numbered(100)
        place.do(
            "CREATE TABLE items_1 (LIKE items INCLUDING ALL)",
            "CREATE TABLE items_2 (LIKE items INCLUDING ALL)",
            "INSERT INTO items_1 SELECT * FROM items WHERE id % 2 = 0",
            "INSERT INTO items_2 SELECT * FROM items WHERE id % 2 = 1",
        )
        yield place, parse_url(url)
        place.close()


def test_every_row_of_every_shard_is_done_once(cluster: tuple[Place, DatabaseUrl]) -> None:
    place, url = cluster
    folder = dict(url.options).get("host", url.host)
    assert Path(folder).is_dir()
    whole = replace(url, host=folder, options=())
    port = url.port or dict(url.options).get("port") or "5432"
    shards = [(folder, port, "items_1"), (folder, port, "items_2")]
    found = pieces(work("postgresql", (16, 4), "citus 12.1"), whole, lambda _: shards)
    ended = [run(one.work, one.url, QUICK) for one in found]
    assert [one.state for one in ended] == ["done", "done"]
    assert [one.changed for one in ended] == [50, 50]
    for table in ("items_1", "items_2"):
        assert place.do(f"SELECT DISTINCT n FROM {table}") == [("1",)]
    assert place.do("SELECT DISTINCT n FROM items") == [("0",)]
    assert [one.kept.run for one in desk.standings(found[0].url, "postgresql", "count")] == [
        "count/1@items_1",
        "count/1@items_2",
    ]
