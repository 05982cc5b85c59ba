"""Database services in Docker Compose files."""

from __future__ import annotations

from wizard.database.compose import compose_services

FULL = """\
version: "3"
x-base: &base
  restart: always
services:
  web:
    image: shop
    environment: {A: b}
  db:
    <<: *base
    image: "postgres:16-alpine"   # the shop
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD: ${DB_PASSWORD:-p@ss}
      POSTGRES_DB: 'shop'
    ports:
    - "127.0.0.1:5433:5432"
  other:
    image: docker.io/postgis/postgis:15
    environment:
      - POSTGRES_PASSWORD=x
      - POSTGRES_DB
    ports: ["5434:5432"]
  hidden:
    image: postgres
  my:
    image: mariadb:11
    environment:
      MARIADB_ROOT_PASSWORD: r
      MARIADB_DATABASE: m
    ports:
      - 3307:3306
volumes:
  db:
"""


def test_services_with_a_published_port() -> None:
    found = compose_services(FULL, {"POSTGRES_DB": "geo"})
    assert [(one.name, one.url) for one in found] == [
        ("db", "postgresql://shop:p%40ss@localhost:5433/shop"),
        ("other", "postgresql://postgres:x@localhost:5434/geo"),
        ("my", "mariadb://root:r@localhost:3307/m"),
    ]


MYSQL = """\
services:
  main:
    image: mysql:8.4
    environment:
      MYSQL_ROOT_PASSWORD: r
      MYSQL_DATABASE: shop
      MYSQL_USER: app
      MYSQL_PASSWORD: ${SECRET}
    ports: ["3307:3306"]
  mixed:
    image: bitnami/mariadb:11.4
    environment:
      - MARIADB_DATABASE=m
      - MYSQL_USER=u
      - MARIADB_PASSWORD=p
    ports: ["127.0.0.1:3308:3306/tcp"]
  empty:
    image: percona/percona-server:8.0
    environment: {MYSQL_ROOT_PASSWORD: x}
    ports: ["3309:3306"]
  mycat:
    image: notmysql:1
    ports: ["3310:3306"]
"""


def test_mysql_and_mariadb() -> None:
    found = compose_services(MYSQL, {"SECRET": "p@ss"})
    assert [(one.name, one.url) for one in found] == [
        ("main", "mysql://app:p%40ss@localhost:3307/shop"),
        ("mixed", "mariadb://u:p@localhost:3308/m"),
    ]


def test_unclear_files_have_no_services() -> None:
    for text in ("", "services: {db: {image: postgres}}", "- a\n- b", "services:\n- x: y", ":\n::"):
        assert compose_services(text, {}) == ()
