"""Create table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver

COLUMNS = "id bigint identity, number text required unique, total numeric(10,2) default 0"

MYSQL: dict[str, object] = {
    "table": "invoices",
    "columns": "id bigint identity, customer_id bigint required references customers, "
    "number varchar(20) required unique, total decimal(10,2) required default 0, "
    "sent_at datetime default CURRENT_TIMESTAMP, paid_at datetime",
    "constraints": "constraint ck_invoices_paid check (paid_at >= sent_at)",
    "indexes": "(sent_at desc)",
}


async def walk(driver: Driver) -> None:
    await driver.choose("create a table")
    await driver.type("invoices")
    await driver.press("enter")
    await driver.type(COLUMNS)
    await driver.press("f4")


CASE = Case(
    example={
        "table": "invoices",
        "columns": [
            {"name": "id", "type": "bigint", "identity": True},
            {
                "name": "customer_id",
                "type": "bigint",
                "nullable": False,
                "references": "customers",
            },
            {"name": "number", "type": "varchar(20)", "nullable": False, "unique": True},
            {
                "name": "total",
                "type": "numeric(10,2)",
                "nullable": False,
                "default": "0",
                "comment": "With tax",
            },
            {"name": "sent_at", "type": "timestamptz", "default": "now()"},
            {"name": "paid_at", "type": "timestamptz"},
        ],
        "constraints": [{"name": "ck_invoices_paid", "check": "paid_at >= sent_at"}],
        "indexes": [{"columns": ["sent_at desc"], "where": "paid_at IS NULL"}],
    },
    engines={
        **dict.fromkeys(("mysql", "mariadb"), MYSQL),
        "sqlite": {
            "table": "invoices",
            "columns": "id integer primary key, customer_id integer required references customers, "
            "number varchar(20) required unique, total numeric required default 0, "
            "sent_at timestamp default CURRENT_TIMESTAMP, paid_at timestamp",
            "constraints": "constraint ck_invoices_paid check (paid_at >= sent_at)",
            "indexes": "(sent_at desc) where paid_at IS NULL",
        },
    },
    postgresql={
        "plain": {"table": "invoices", "columns": COLUMNS, "comment": "It's 100% new: :yes"},
        "one parent": {
            "table": "invoices",
            "columns": "id uuid default gen_random_uuid() primary key, customer_id bigint required "
            "references customers on delete cascade, felt mood default 'fine', "
            "moods mood[], note varchar(20) default 'it''s 100% :new', "
            "length integer generated (length(note)), parent_id uuid references invoices",
            "constraints": "unique (customer_id, note) deferrable initially deferred, check (felt <> 'bad')",
            "indexes": "(lower(note), customer_id desc) where note is not null, unique "
            "ux_invoices_note (note) include (felt)",
        },
        "several parents": {
            "table": "invoices",
            "columns": "id bigint identity always, customer_id bigint references customers, "
            "payer_id bigint references customers on delete set null, "
            "order_id bigint required references orders, journal_id integer references journal",
        },
        "odd names": {
            "table": '"Neue ""Größe"" 100%"',
            "columns": [
                {"name": "select", "type": "int", "nullable": False, "comment": "it's :odd"},
                {"name": "a b", "type": "text", "default": "'x, y'"},
            ],
            "primary_key": ["select", "a b"],
        },
    },
    sqlite={
        "plain": {
            "table": "invoices",
            "columns": "id integer identity, customer_id integer required references customers on "
            "delete cascade, number varchar(20) required unique, total numeric default 0, "
            "sent_at timestamp default CURRENT_TIMESTAMP",
            "constraints": "check (total >= 0)",
            "indexes": "(sent_at desc) where total > 0",
        },
        "two columns": {
            "table": "tags",
            "columns": "order_id integer references orders, word text primary key, "
            "loud text generated (upper(word)) virtual",
        },
    },
    tiny=("one parent",),
    stopped=("several parents",),
    walk=Walk(values={"table": "invoices", "columns": COLUMNS}, steps=walk),
)
