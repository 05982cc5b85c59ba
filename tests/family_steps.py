"""Examples of every step that MySQL and MariaDB have, on one small shop: as in step_examples.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from step_examples import CUSTOMERS, KEY, ORDERS, PENDING_KEY, SETS, SYNC, VIEW, Example

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Generated,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    Assignment,
    Backfill,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateShadowView,
    CreateSync,
    CreateTable,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    DropTable,
    Impossible,
    LockTables,
    Nothing,
    RenameColumn,
    RenameIndex,
    RenameTable,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    ValidateConstraint,
)

#: The tables of the examples, with rows.
SHOP = (
    "CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(50))",
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, code varchar(20) NOT NULL, "
    "note varchar(50), amount decimal(10,2) DEFAULT 0, status_code varchar(20) DEFAULT 'new', "
    "body text, doc json, mood enum('fine','bad'), tags set('a','b'), place point NOT NULL, "
    "seen timestamp NULL DEFAULT CURRENT_TIMESTAMP, "
    "touched datetime(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))",
    "CREATE INDEX ix_orders_note ON orders (note)",
    "CREATE INDEX ix_orders_customer_id ON orders (customer_id)",
    "INSERT INTO customers WITH RECURSIVE n AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM n "
    "WHERE n < 51) SELECT n, concat('c', n) FROM n",
    "INSERT INTO orders (id, customer_id, code, note, amount, place) WITH RECURSIVE n AS "
    "(SELECT 1 AS n UNION ALL SELECT n + 1 FROM n WHERE n < 200) SELECT n, n % 50 + 1, "
    "concat('code', n), concat('note', n), n, point(n, n) FROM n",
    "CREATE TABLE old_orders (id bigint PRIMARY KEY, note varchar(50))",
    "CREATE TABLE plain (id bigint NOT NULL, code varchar(20))",
)

NOTE = Column(name="note", type="varchar(50)")
CODE = Column(name="code", type="varchar(20)", nullable=False)
AMOUNT = Column(name="amount", type="decimal(10,2)", default="0.00")
BODY = Column(name="body", type="text")
TOUCHED = Column(
    name="touched",
    type="datetime(6)",
    default="CURRENT_TIMESTAMP(6)",
    on_update="CURRENT_TIMESTAMP(6)",
)
SEEN = Column(name="seen", type="timestamp", default="CURRENT_TIMESTAMP")
CHECK = Check(name="orders_amount_check", expression="amount >= 0", columns=("amount",))
UNIQUE = Unique(name="orders_code_key", columns=("code",))
INDEX = Index(name="ix_orders_amount", parts=(IndexPart(column="amount", order="desc"),))
NOTE_INDEX = Index(name="ix_orders_note", parts=(IndexPart(column="note"),))
STATUS = Column(name="status", type="varchar(20)")
PLAIN = TableName("plain")
NUMBER = Column(name="id", type="bigint", nullable=False)
NEWS = Table(
    name=TableName("news"),
    columns=(
        replace(NUMBER, identity="by default"),
        Column(name="title", type="varchar(50)", comment="it's short"),
        Column(name="customer_id", type="bigint"),
    ),
    constraints=(PrimaryKey(columns=("id",)),),
    indexes=(Index(name="ix_news_title", parts=(IndexPart(column="title"),)),),
)
NEWS_OF_CUSTOMERS = replace(
    NEWS, constraints=(*NEWS.constraints, replace(KEY, name="news_customer_id_fkey"))
)
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="note", expression="'none'"),),
    needed="note IS NULL",
    key=("id",),
    key_types=("bigint",),
)
DELETE = DeleteRows(table=ORDERS, needed="amount = 7", key=("id",), key_types=("bigint",))
COPY = CopyRows(
    table=ORDERS,
    target=TableName("old_orders"),
    columns=("id", "note"),
    key=("id",),
    key_types=("bigint",),
    needed="note IS NOT NULL",
)
OPEN_ORDERS = Dependent(
    kind="view",
    name="open_orders",
    columns=("note",),
    definition=("CREATE VIEW open_orders AS SELECT id, note FROM orders",),
)
TOUCH = Dependent(
    kind="trigger",
    name="orders_touch",
    columns=("note",),
    definition=(
        "CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW "
        "SET NEW.note = trim(NEW.note)",
    ),
)


def _column(name: str = "extra", type_: str = "varchar(20)", **options: object) -> Column:
    return replace(Column(name=name, type=type_), **options)


def _add(name: str, column: Column) -> Example:
    return Example(name=name, step=AddColumn(table=ORDERS, column=column))


def _change(name: str, old: Column, new: Column) -> Example:
    # A table of its own, with rows: one that is empty, or a column that was added in an instant,
    # changes in an instant, too.
    table = Table(
        name=TableName("typed"),
        columns=(NUMBER, old),
        constraints=(PrimaryKey(columns=("id",)),),
    )
    return Example(
        name=f"change type, {name}",
        before=(
            CreateTable(table=table),
            replace(COPY, target=table.name, columns=("id",), key=("id",), needed=""),
        ),
        step=ChangeType(table=table.name, column=old, to=new),
    )


def _examples() -> Iterator[Example]:
    yield from _columns()
    yield from _types()
    yield from _indexes()
    yield from _constraints()
    yield from _tables()
    yield Example(name="backfill", step=FILL)
    yield Example(name="backfill, at once", step=replace(FILL, key=(), key_types=()))
    yield Example(name="delete", step=DELETE)
    yield Example(name="delete, at once", step=replace(DELETE, key=(), key_types=()))
    yield Example(name="copy rows", step=COPY)
    yield Example(name="copy rows, at once", step=replace(COPY, key=(), key_types=()))
    yield Example(
        name="require",
        step=Require(
            query="SELECT id FROM orders WHERE note IS NULL LIMIT 5",
            message="orders.note holds NULLs: that's 100% wrong",
            table=ORDERS,
        ),
    )
    yield Example(name="lock", step=LockTables(tables=(CUSTOMERS, ORDERS), mode="access exclusive"))
    yield Example(name="nothing", step=Nothing(reason="there is nothing to do"))
    yield Example(name="impossible", step=Impossible(reason="the values are gone: 100%, 'really'"))


def _columns() -> Iterator[Example]:
    yield _add("add column", _column())
    yield _add("add column, required, constant", _column(default="'EUR'", nullable=False))
    yield _add("add column, now", _column(type_="datetime", default="CURRENT_TIMESTAMP"))
    yield _add("add column, expression", _column(type_="int", default="60 * 60"))
    yield _add("add column, text with default", _column(type_="text", default="'it''s'"))
    yield _add("add column, document", _column(type_="json"))
    yield _add(
        "add column, everything",
        _column(collation="utf8mb4_bin", comment="it's", default="'x'", invisible=True),
    )
    stored = Generated(expression="amount * 2")
    yield _add("add stored", _column(type_="decimal(12,2)", generated=stored))
    yield _add(
        "add virtual", _column(type_="decimal(12,2)", generated=replace(stored, stored=False))
    )
    yield Example(name="drop column", step=DropColumn(table=ORDERS, column=BODY))
    yield Example(name="set default", step=SetDefault(table=ORDERS, column=NOTE, default="'none'"))
    yield Example(
        name="set default, expression",
        step=SetDefault(table=ORDERS, column=NOTE, default="concat('a', 'b')"),
    )
    yield Example(
        name="set default, random", step=SetDefault(table=ORDERS, column=NOTE, default="uuid()")
    )
    yield Example(
        name="set default, text", step=SetDefault(table=ORDERS, column=BODY, default="'none'")
    )
    yield Example(name="drop default", step=SetDefault(table=ORDERS, column=AMOUNT, default=None))
    yield Example(
        name="drop default, on update", step=SetDefault(table=ORDERS, column=TOUCHED, default=None)
    )
    yield Example(name="set not null", step=SetNotNull(table=ORDERS, column=NOTE))
    yield Example(name="set not null, time", step=SetNotNull(table=ORDERS, column=TOUCHED))
    yield Example(name="set not null, timestamp", step=SetNotNull(table=ORDERS, column=SEEN))
    yield Example(name="drop not null", step=DropNotNull(table=ORDERS, column=CODE))
    yield Example(name="rename column", step=RenameColumn(table=ORDERS, old="note", new="remark"))
    yield Example(
        name="number a column",
        step=SetIdentity(table=ORDERS, column=NUMBER, identity="by default"),
    )


def _types() -> Iterator[Example]:
    for name, old, new in (
        ("longer", "varchar(20)", "varchar(60)"),
        ("longer than a byte counts", "varchar(40)", "varchar(64)"),
        ("short, longer than a byte counts", "varchar(20)", "varchar(64)"),
        ("long anyway", "varchar(100)", "varchar(200)"),
        ("without limit", "varchar(20)", "text"),
        ("narrowed", "varchar(20)", "varchar(10)"),
        ("more digits", "decimal(10,2)", "decimal(12,2)"),
        ("longer number", "int", "bigint"),
        ("number as text", "int", "varchar(20)"),
        ("label appended", "enum('a','b')", "enum('a','b','c')"),
        ("label between", "enum('a','b')", "enum('a','c','b')"),
        ("label gone", "enum('a','b')", "enum('a')"),
        ("mark appended", "set('a','b')", "set('a','b','c')"),
        (
            "mark appended beyond a byte",
            "set('a','b','c','d','e','f','g','h')",
            "set('a','b','c','d','e','f','g','h','i')",
        ),
        ("larger text", "text", "mediumtext"),
        ("finer time", "datetime", "datetime(6)"),
        ("bytes, longer", "varbinary(20)", "varbinary(200)"),
        ("bytes, longer than a byte counts", "varbinary(128)", "varbinary(256)"),
        ("short bytes, longer than a byte counts", "varbinary(127)", "varbinary(256)"),
    ):
        yield _change(name, _column(type_=old), _column(type_=new))
    general, exact = "utf8mb4_general_ci", "utf8mb4_bin"
    yield _change("collation", _column(collation=general), _column(collation=exact))
    yield _change(
        "character set", _column(collation=general), _column(collation="latin1_swedish_ci")
    )
    yield _change(
        "latin, longer",
        _column(collation="latin1_swedish_ci"),
        _column(type_="varchar(255)", collation="latin1_swedish_ci"),
    )


def _indexes() -> Iterator[Example]:
    yield Example(name="add index", step=AddIndex(table=ORDERS, index=INDEX))
    beginning = Index(name="ix_orders_body", parts=(IndexPart(column="body", length=20),))
    yield Example(name="add index, beginning", step=AddIndex(table=ORDERS, index=beginning))
    words = Index(name="ft_orders", parts=(IndexPart(column="body"),), method="fulltext")
    yield Example(name="add full text index", step=AddIndex(table=ORDERS, index=words))
    place = Index(name="sp_orders", parts=(IndexPart(column="place"),), method="spatial")
    yield Example(name="add spatial index", step=AddIndex(table=ORDERS, index=place))
    lower = Index(name="ix_orders_lower", parts=(IndexPart(expression="lower(code)"),))
    yield Example(name="add index, expression", step=AddIndex(table=ORDERS, index=lower))
    unique = Index(name="ux_orders_code", parts=(IndexPart(column="code"),), unique=True)
    yield Example(name="add unique index", step=AddIndex(table=ORDERS, index=unique))
    yield Example(name="drop index", step=DropIndex(table=ORDERS, index=NOTE_INDEX))
    yield Example(
        name="rename index", step=RenameIndex(table=ORDERS, old="ix_orders_note", new="ix_notes")
    )
    hide = SetVisible(table=ORDERS, index=NOTE_INDEX, visible=False)
    yield Example(name="hide index", step=hide)
    hidden = replace(NOTE_INDEX, visible=False)
    yield Example(
        name="show index",
        before=(hide,),
        step=SetVisible(table=ORDERS, index=hidden, visible=True),
    )


def _constraints() -> Iterator[Example]:
    yield Example(name="add key", step=AddForeignKey(table=ORDERS, constraint=KEY))
    yield Example(
        name="add key, not looked at", step=AddForeignKey(table=ORDERS, constraint=PENDING_KEY)
    )
    added = AddForeignKey(table=ORDERS, constraint=PENDING_KEY)
    yield Example(
        name="prove key",
        before=(added,),
        step=ValidateConstraint(table=ORDERS, constraint=PENDING_KEY),
    )
    yield Example(
        name="drop key", before=(added,), step=DropConstraint(table=ORDERS, constraint=KEY)
    )
    check = AddCheck(table=ORDERS, constraint=CHECK)
    yield Example(name="add check", step=check)
    yield Example(
        name="drop check", before=(check,), step=DropConstraint(table=ORDERS, constraint=CHECK)
    )
    unique = AddUnique(table=ORDERS, constraint=UNIQUE)
    yield Example(name="add unique", step=unique)
    yield Example(
        name="drop unique", before=(unique,), step=DropConstraint(table=ORDERS, constraint=UNIQUE)
    )
    primary = PrimaryKey(columns=("id",))
    key = AddPrimaryKey(table=PLAIN, constraint=primary, columns=(NUMBER,))
    yield Example(name="add primary key", step=key)
    yield Example(
        name="drop primary key",
        before=(key,),
        step=DropConstraint(table=PLAIN, constraint=primary),
    )


def _tables() -> Iterator[Example]:
    yield Example(name="create table", step=CreateTable(table=NEWS))
    yield Example(name="create table, with a key", step=CreateTable(table=NEWS_OF_CUSTOMERS))
    yield Example(name="drop table", before=(CreateTable(table=NEWS),), step=DropTable(table=NEWS))
    yield Example(
        name="drop table, with a key",
        before=(CreateTable(table=NEWS_OF_CUSTOMERS),),
        step=DropTable(table=NEWS_OF_CUSTOMERS),
    )
    yield Example(name="rename table", step=RenameTable(table=ORDERS, new="purchases"))
    second = AddColumn(table=ORDERS, column=STATUS)
    yield Example(name="create sync", before=(second,), step=CreateSync(sync=SYNC))
    yield Example(
        name="drop sync", before=(second, CreateSync(sync=SYNC)), step=DropSync(sync=SYNC)
    )
    parted = tuple(
        AddColumn(table=ORDERS, column=Column(name=one, type="varchar(20)")) for one in SETS.news
    )
    yield Example(name="create sync of several", before=parted, step=CreateSync(sync=SETS))
    yield Example(
        name="drop sync of several",
        before=(*parted, CreateSync(sync=SETS)),
        step=DropSync(sync=SETS),
    )
    yield Example(name="create view with both names", step=CreateShadowView(view=VIEW))
    yield Example(
        name="drop view with both names",
        before=(CreateShadowView(view=VIEW),),
        step=DropShadowView(view=VIEW),
    )
    for one in (OPEN_ORDERS, TOUCH):
        made = CreateDependent(table=ORDERS, dependent=one)
        yield Example(name=f"create {one.kind}", step=made)
        yield Example(
            name=f"drop {one.kind}",
            before=(made,),
            step=DropDependent(table=ORDERS, dependent=one),
        )


EXAMPLES = tuple(_examples())
