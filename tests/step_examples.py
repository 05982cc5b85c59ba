"""One or more examples of every step, on one small shop: for lock truth, registry and golden SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from type_examples import CHANGES

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Grant,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import (
    STEP_TYPES,
    AddCheck,
    AddColumn,
    AddEnumValue,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    Assignment,
    Backfill,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropEnum,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    MoveNumbering,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    ReplaceView,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    ShadowView,
    Step,
    SwapColumns,
    SwapTableView,
    Sync,
    TableView,
    ValidateConstraint,
)
from wizard.model.syncs import Follower, SyncSets

ORDERS, CUSTOMERS = TableName("orders"), TableName("customers")

#: The tables of the examples, with rows, for any PostgreSQL.
SHOP = (
    "CREATE TABLE customers (id bigint PRIMARY KEY, name text)",
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, code text NOT NULL, "
    "note text, amount numeric(10,2) DEFAULT 0, status_code text DEFAULT 'new')",
    "CREATE INDEX ix_orders_note ON orders (note)",
    "INSERT INTO customers SELECT n, 'c' || n FROM generate_series(1, 50) n",
    "INSERT INTO orders SELECT n, n % 50 + 1, 'code' || n, 'note' || n, n FROM "
    "generate_series(1, 200) n",
    "CREATE TABLE old_orders (id bigint PRIMARY KEY, note text)",
    "CREATE TABLE plain (id bigint NOT NULL, code text)",
    "CREATE TABLE counted (n serial, long bigint NOT NULL)",
    "CREATE TABLE events (id bigint, at timestamptz) PARTITION BY RANGE (id)",
    "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000)",
    "INSERT INTO events SELECT n, now() FROM generate_series(1, 200) n",
    "CREATE TYPE mood AS ENUM ('fine', 'it''s bad')",
    "CREATE DOMAIN word AS varchar(20)",
    "CREATE TABLE labels (word varchar(20) PRIMARY KEY)",
    "ANALYZE customers",
    "ANALYZE orders",
)

NOTE = Column(name="note", type="text")
CODE = Column(name="code", type="text", nullable=False)
AMOUNT = Column(name="amount", type="numeric(10,2)", default="0")
KEY = ForeignKey(
    name="orders_customer_id_fkey",
    columns=("customer_id",),
    ref_table=CUSTOMERS,
    ref_columns=("id",),
)
PENDING_KEY = replace(KEY, validated=False)
CHECK = Check(name="orders_amount_check", expression="amount >= 0", columns=("amount",))
PENDING_CHECK = replace(CHECK, validated=False)
PROOF = Check(name="orders_note_not_null", expression="note IS NOT NULL", columns=("note",))
REQUIRED = NotNull(name="orders_note_not_null", column="note")
UNIQUE = Unique(name="orders_code_key", columns=("code",))
INDEX = Index(name="ix_orders_amount", parts=(IndexPart(column="amount"),))
NOTE_INDEX = Index(name="ix_orders_note", parts=(IndexPart(column="note"),))
CODE_INDEX = Index(name="orders_code_idx", parts=(IndexPart(column="code"),), unique=True)
SYNC = Sync(name="zz_sync_orders_status", table=ORDERS, old="status_code", new="status")
SETS = SyncSets(
    name="zz_sync_orders_parts",
    table=ORDERS,
    old=(Follower(column="status_code", expression="concat(state, reason)"),),
    new=(
        Follower(column="state", expression="nullif(status_code, 'x')"),
        Follower(column="reason", expression="coalesce(status_code, 'y')"),
    ),
)
STATUS = Column(name="status", type="text")
VIEW = ShadowView(
    table=ORDERS,
    base="orders_base",
    columns=("id", "customer_id", "code", "note", "amount", "status_code"),
    old="status_code",
    new="status",
)
PURCHASES = TableView(table=ORDERS, name="purchases", columns=VIEW.columns)
TABLE = Table(
    name=ORDERS,
    columns=(
        Column(name="id", type="integer", nullable=False),
        Column(name="code", type="text", nullable=False),
        NOTE,
    ),
    constraints=(PrimaryKey(columns=("id",)),),
)
FILL = Backfill(
    table=ORDERS,
    assignments=(Assignment(column="note", expression="'none'"),),
    needed="note IS NULL",
    key=("id",),
    key_types=("bigint",),
)
NEWS = Table(
    name=TableName("news"),
    columns=(
        Column(name="id", type="bigint", nullable=False),
        Column(name="title", type="text", comment="it's short"),
    ),
    constraints=(PrimaryKey(name="news_pkey", columns=("id",)),),
    indexes=(Index(name="ix_news_title", parts=(IndexPart(column="title"),)),),
)
NEWS_OF_CUSTOMERS = replace(
    NEWS,
    columns=(*NEWS.columns, Column(name="customer_id", type="bigint")),
    constraints=(*NEWS.constraints, replace(KEY, name="news_customer_id_fkey")),
)
PRIMARY = PrimaryKey(name="orders_pkey", columns=("id",))
CODE_KEY = PrimaryKey(name="orders_code_pkey", columns=("code",))
NOTE_KEY = PrimaryKey(name="orders_note_pkey", columns=("note",))
NOTES_UNIQUE = Index(name="orders_note_idx", parts=(IndexPart(column="note"),), unique=True)
EXCLUSION = Exclusion(
    name="orders_amount_excl", definition="EXCLUDE USING btree (amount WITH =)", columns=("amount",)
)
OPEN_ORDERS = Dependent(
    kind="view",
    name="open_orders",
    columns=("note",),
    definition=("CREATE VIEW open_orders AS SELECT id, note FROM orders",),
)
OPEN_CODES = replace(
    OPEN_ORDERS,
    columns=("code",),
    definition=("CREATE VIEW open_orders AS SELECT id, code AS note FROM orders",),
)
NOTES = Dependent(
    kind="materialized view",
    name="notes",
    columns=("note",),
    definition=("CREATE MATERIALIZED VIEW notes AS SELECT id, note FROM orders",),
)
POLICY = Dependent(
    kind="policy",
    name="own_orders",
    columns=("note",),
    definition=("CREATE POLICY own_orders ON orders USING (note IS NOT NULL)",),
)
TOUCH = Dependent(
    kind="trigger",
    name="orders_touch",
    columns=("note",),
    definition=(
        "CREATE TRIGGER orders_touch BEFORE UPDATE OF note ON orders FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ),
)
RULE = Dependent(
    kind="rule",
    name="orders_keep",
    columns=("amount",),
    definition=(
        "CREATE RULE orders_keep AS ON DELETE TO orders WHERE old.amount > 9 DO INSTEAD NOTHING",
    ),
)
MOOD = Enum(name=TableName("mood"), labels=("fine", "it's bad"))
#: Partitioned by id, with one partition; created by `PARTITIONED` in the tests that need it.
EVENTS, EVENTS_1 = TableName("events"), TableName("events_1")
EVENTS_INDEX = Index(name="ix_events_at", parts=(IndexPart(column="at"),))
EVENTS_1_INDEX = Index(name="ix_events_1_at", parts=(IndexPart(column="at"),))
COPY = CopyRows(
    table=ORDERS,
    target=TableName("old_orders"),
    columns=("id", "note"),
    key=("id",),
    key_types=("bigint",),
    needed="note IS NOT NULL",
)
DELETE = DeleteRows(table=ORDERS, needed="amount = 7", key=("id",), key_types=("bigint",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A step, and what must have been done before it. ``since`` is the first version with it."""

    name: str
    step: Step
    before: tuple[Step, ...] = ()
    since: tuple[int, ...] = (12,)


def _add(name: str, column: Column, since: tuple[int, ...] = (12,)) -> Example:
    return Example(name=name, step=AddColumn(table=ORDERS, column=column), since=since)


def _column(name: str = "extra", type_: str = "text", **options: object) -> Column:
    return replace(Column(name=name, type=type_), **options)


def _examples() -> Iterator[Example]:
    yield _add("add column", _column())
    yield _add("add column, constant default", _column(default="'EUR'", nullable=False))
    yield _add("add column, cast default", _column(default="'x'::character varying"))
    yield _add("add column, stable default", _column(type_="timestamptz", default="now()"))
    yield _add("add column, expression default", _column(type_="int", default="60 * 60"))
    yield _add(
        "add column, volatile default", _column(type_="timestamptz", default="clock_timestamp()")
    )
    yield _add("add column, random default", _column(type_="float8", default="random() * 2"))
    yield _add("add identity", _column(type_="bigint", nullable=False, identity="by default"))
    yield _add("add stored", _column(type_="numeric", generated=Generated(expression="amount * 2")))
    yield _add(
        "add virtual",
        _column(type_="numeric", generated=Generated(expression="amount * 2", stored=False)),
        since=(18,),
    )
    yield _add("add column, collation and comment", _column(collation="C", comment="it's"))
    shown = (Grant(privilege="SELECT"), Grant(privilege="UPDATE", role="postgres", grantable=True))
    yield _add("add column, privileges", _column(grants=shown))
    yield Example(name="drop column", step=DropColumn(table=ORDERS, column=NOTE))
    yield Example(
        name="set default", step=SetDefault(table=ORDERS, column=NOTE, default="lower('A') || 'b'")
    )
    yield Example(name="drop default", step=SetDefault(table=ORDERS, column=AMOUNT, default=None))
    yield Example(name="set not null", step=SetNotNull(table=ORDERS, column=NOTE))
    yield Example(
        name="set not null, proven",
        before=(AddCheck(table=ORDERS, constraint=PROOF),),
        step=SetNotNull(table=ORDERS, column=NOTE, proof=PROOF.name),
    )
    yield Example(name="drop not null", step=DropNotNull(table=ORDERS, column=CODE))
    yield Example(name="rename column", step=RenameColumn(table=ORDERS, old="note", new="remark"))
    yield Example(name="rename table", step=RenameTable(table=ORDERS, new="purchases"))
    for concurrently in (False, True):
        how = ", concurrently" if concurrently else ""
        yield Example(
            name=f"add index{how}",
            step=AddIndex(table=ORDERS, index=INDEX, concurrently=concurrently),
        )
        yield Example(
            name=f"drop index{how}",
            step=DropIndex(table=ORDERS, index=NOTE_INDEX, concurrently=concurrently),
        )
    yield Example(
        name="add index, all options",
        step=AddIndex(
            table=ORDERS,
            index=Index(
                name="Odd Index",
                parts=(
                    IndexPart(
                        column="code", opclass="text_pattern_ops", order="desc", nulls="last"
                    ),
                    IndexPart(expression="lower(note)", collation="C"),
                    IndexPart(expression="amount + 1"),
                ),
                unique=True,
                include=("customer_id",),
                where="amount > 0",
            ),
        ),
    )
    yield Example(
        name="add index, nulls not distinct",
        step=AddIndex(table=ORDERS, index=replace(CODE_INDEX, nulls_not_distinct=True)),
        since=(15,),
    )
    yield Example(name="add key", step=AddForeignKey(table=ORDERS, constraint=KEY))
    yield Example(
        name="add key, not valid", step=AddForeignKey(table=ORDERS, constraint=PENDING_KEY)
    )
    yield Example(name="add check", step=AddCheck(table=ORDERS, constraint=CHECK))
    yield Example(
        name="add check, not valid", step=AddCheck(table=ORDERS, constraint=PENDING_CHECK)
    )
    yield Example(
        name="add not null, not valid",
        step=AddNotNull(table=ORDERS, constraint=REQUIRED),
        since=(18,),
    )
    yield Example(name="add unique", step=AddUnique(table=ORDERS, constraint=UNIQUE))
    yield Example(
        name="add unique, using index",
        before=(AddIndex(table=ORDERS, index=CODE_INDEX),),
        step=AddUnique(table=ORDERS, constraint=UNIQUE, using=CODE_INDEX),
    )
    yield Example(
        name="validate key",
        before=(AddForeignKey(table=ORDERS, constraint=PENDING_KEY),),
        step=ValidateConstraint(table=ORDERS, constraint=PENDING_KEY),
    )
    yield Example(
        name="validate check",
        before=(AddCheck(table=ORDERS, constraint=PENDING_CHECK),),
        step=ValidateConstraint(table=ORDERS, constraint=PENDING_CHECK),
    )
    yield Example(
        name="validate check again",
        before=(AddCheck(table=ORDERS, constraint=CHECK),),
        step=ValidateConstraint(table=ORDERS, constraint=CHECK),
    )
    yield Example(
        name="validate not null",
        before=(AddNotNull(table=ORDERS, constraint=REQUIRED),),
        step=ValidateConstraint(table=ORDERS, constraint=REQUIRED),
        since=(18,),
    )
    yield Example(
        name="drop key",
        before=(AddForeignKey(table=ORDERS, constraint=KEY),),
        step=DropConstraint(table=ORDERS, constraint=KEY),
    )
    yield Example(
        name="drop check",
        before=(AddCheck(table=ORDERS, constraint=CHECK),),
        step=DropConstraint(table=ORDERS, constraint=CHECK),
    )
    yield Example(
        name="drop unique",
        before=(AddUnique(table=ORDERS, constraint=UNIQUE),),
        step=DropConstraint(table=ORDERS, constraint=UNIQUE),
    )
    yield Example(
        name="drop unique, index left",
        before=(
            AddIndex(table=ORDERS, index=CODE_INDEX),
            AddUnique(table=ORDERS, constraint=UNIQUE, using=CODE_INDEX),
        ),
        step=DropConstraint(table=ORDERS, constraint=UNIQUE, leaves=CODE_INDEX),
    )
    yield Example(
        name="create sync",
        before=(AddColumn(table=ORDERS, column=STATUS),),
        step=CreateSync(sync=SYNC),
    )
    yield Example(
        name="drop sync",
        before=(AddColumn(table=ORDERS, column=STATUS), CreateSync(sync=SYNC)),
        step=DropSync(sync=SYNC),
    )
    parted = tuple(
        AddColumn(table=ORDERS, column=Column(name=one, type="text")) for one in SETS.news
    )
    yield Example(name="create sync of several", before=parted, step=CreateSync(sync=SETS))
    yield Example(
        name="drop sync of several",
        before=(*parted, CreateSync(sync=SETS)),
        step=DropSync(sync=SETS),
    )
    yield from _turned()
    yield Example(name="create view", step=CreateShadowView(view=VIEW))
    yield Example(
        name="drop view", before=(CreateShadowView(view=VIEW),), step=DropShadowView(view=VIEW)
    )
    yield Example(name="create table view", step=CreateTableView(view=PURCHASES))
    for name, after in (("drop", DropTableView), ("swap", SwapTableView)):
        yield Example(
            name=f"{name} table view",
            before=(CreateTableView(view=PURCHASES),),
            step=after(view=PURCHASES),
        )
    yield Example(name="backfill", step=FILL)
    yield Example(name="backfill, at once", step=replace(FILL, key=(), key_types=()))
    yield Example(name="delete", step=DELETE)
    yield Example(name="delete, at once", step=replace(DELETE, key=(), key_types=()))
    yield Example(
        name="require",
        step=Require(
            query="SELECT id FROM orders WHERE note IS NULL LIMIT 5",
            message="orders.note holds NULLs: that's 100% wrong",
            table=ORDERS,
        ),
    )
    for mode in ("share row exclusive", "access exclusive"):
        yield Example(name=f"lock, {mode}", step=LockTables(tables=(CUSTOMERS, ORDERS), mode=mode))
    yield from _whole_tables()
    yield from _around_tables()
    after = replace(TABLE, columns=(*TABLE.columns[:2], replace(NOTE, nullable=False)))
    yield Example(name="rebuild", step=RebuildTable(before=TABLE, after=after))
    yield Example(name="nothing", step=Nothing(reason="there is nothing to do"))
    yield Example(name="impossible", step=Impossible(reason="the values are gone: 100%, 'really'"))


def _turned() -> Iterator[Example]:
    twin = Column(name="customer_id_new", type="text")
    there = Sync(
        name="zz_sync_orders_customer_id",
        table=ORDERS,
        old="customer_id",
        new=twin.name,
        leads="old",
        to_new="CAST(customer_id AS text)",
    )
    back = replace(
        there,
        old="customer_id_old",
        new="customer_id",
        leads="new",
        to_old="CAST(customer_id AS bigint)",
        forgiving=True,
    )
    both = (AddColumn(table=ORDERS, column=twin),)
    yield Example(name="create sync, led by the old", before=both, step=CreateSync(sync=there))
    yield Example(
        name="drop sync, led by the old",
        before=(*both, CreateSync(sync=there)),
        step=DropSync(sync=there),
    )
    yield Example(
        name="swap columns",
        before=(*both, CreateSync(sync=there)),
        step=SwapColumns(before=there, after=back),
    )
    yield Example(
        name="swap columns back",
        before=(*both, CreateSync(sync=there), SwapColumns(before=there, after=back)),
        step=SwapColumns(before=back, after=there),
    )


def _numbered() -> Iterator[Example]:
    old = Column(name="id", type="bigint", nullable=False)
    to = Column(name="long", type="bigint", nullable=False)
    plain = TableName("plain")
    added = AddColumn(table=plain, column=replace(to, default="0"))
    free = SetDefault(table=plain, column=to, default=None)
    identity = replace(old, identity="by default")
    yield Example(
        name="number another column",
        before=(SetIdentity(table=plain, column=old, identity="by default"), added, free),
        step=MoveNumbering(table=plain, column=identity, to=to, increment=2),
    )
    serial = Column(name="n", type="integer", default="nextval('counted_n_seq'::regclass)")
    counted = TableName("counted")
    yield Example(
        name="number another column, by its sequence",
        step=MoveNumbering(
            table=counted, column=serial, to=Column(name="long", type="bigint", nullable=False)
        ),
    )
    yield Example(
        name="count further",
        step=MoveNumbering(table=counted, column=serial, to=replace(serial, type="bigint")),
    )


def _put_beside(one: Index | Check | ForeignKey) -> Step:
    match one:
        case Index():
            return AddIndex(table=ORDERS, index=one)
        case Check():
            return AddCheck(table=ORDERS, constraint=one)
        case ForeignKey():
            return AddForeignKey(table=ORDERS, constraint=one)


def _whole_tables() -> Iterator[Example]:
    yield Example(name="create table", step=CreateTable(table=NEWS))
    yield Example(name="create table, with a key", step=CreateTable(table=NEWS_OF_CUSTOMERS))
    yield Example(name="drop table", before=(CreateTable(table=NEWS),), step=DropTable(table=NEWS))
    yield Example(
        name="drop table, with a key",
        before=(CreateTable(table=NEWS_OF_CUSTOMERS),),
        step=DropTable(table=NEWS_OF_CUSTOMERS),
    )
    for name, before, after, using, beside in CHANGES:
        yield Example(
            name=f"change type, {name}",
            before=(AddColumn(table=ORDERS, column=before), *map(_put_beside, beside)),
            step=ChangeType(table=ORDERS, column=before, to=after, using=using, beside=beside),
        )
    yield Example(
        name="change collation",
        step=ChangeType(
            table=ORDERS, column=NOTE, to=replace(NOTE, collation="C"), beside=(NOTE_INDEX,)
        ),
    )
    numbered = Column(name="id", type="bigint", nullable=False)
    yield Example(
        name="number a column",
        step=SetIdentity(table=ORDERS, column=numbered, identity="by default"),
    )
    yield Example(
        name="number a column no longer",
        before=(SetIdentity(table=ORDERS, column=numbered, identity="always"),),
        step=SetIdentity(table=ORDERS, column=replace(numbered, identity="always"), identity=None),
    )
    yield from _numbered()
    yield Example(
        name="add primary key",
        step=AddPrimaryKey(
            table=TableName("plain"),
            constraint=PrimaryKey(name="plain_pkey", columns=("id",)),
            columns=(numbered,),
        ),
    )
    free = (DropConstraint(table=ORDERS, constraint=PRIMARY),)
    yield Example(
        name="add primary key, using index",
        before=(*free, AddIndex(table=ORDERS, index=CODE_INDEX)),
        step=AddPrimaryKey(table=ORDERS, constraint=CODE_KEY, columns=(CODE,), using=CODE_INDEX),
    )
    yield Example(
        name="add primary key, using index, not required before",
        before=(*free, AddIndex(table=ORDERS, index=NOTES_UNIQUE)),
        step=AddPrimaryKey(table=ORDERS, constraint=NOTE_KEY, columns=(NOTE,), using=NOTES_UNIQUE),
    )
    yield Example(
        name="add primary key, using index, proven",
        before=(
            *free,
            AddIndex(table=ORDERS, index=NOTES_UNIQUE),
            AddCheck(table=ORDERS, constraint=PROOF),
        ),
        step=AddPrimaryKey(
            table=ORDERS, constraint=NOTE_KEY, columns=(NOTE,), using=NOTES_UNIQUE, proven=True
        ),
    )
    yield Example(name="drop primary key", step=DropConstraint(table=ORDERS, constraint=PRIMARY))
    yield Example(name="add exclusion", step=AddExclusion(table=ORDERS, constraint=EXCLUSION))
    yield Example(name="copy rows", step=COPY)
    yield Example(name="copy rows, at once", step=replace(COPY, key=(), key_types=()))


def _around_tables() -> Iterator[Example]:
    yield Example(
        name="rename index", step=RenameIndex(table=ORDERS, old="ix_orders_note", new="ix_notes")
    )
    yield Example(
        name="rename constraint",
        before=(AddCheck(table=ORDERS, constraint=CHECK),),
        step=RenameConstraint(table=ORDERS, old="orders_amount_check", new="ck_amount"),
    )
    yield Example(
        name="rename constraint with index",
        step=RenameConstraint(table=ORDERS, old="orders_pkey", new="pk_orders"),
    )
    yield Example(name="hide index", step=SetVisible(table=ORDERS, index=NOTE_INDEX, visible=False))
    yield Example(
        name="add index, partitions ready",
        before=(AddIndex(table=EVENTS_1, index=EVENTS_1_INDEX),),
        step=AddIndex(table=EVENTS, index=EVENTS_INDEX, ready=(EVENTS_1,)),
    )
    for one in (OPEN_ORDERS, NOTES, POLICY, TOUCH, RULE):
        yield Example(name=f"create {one.kind}", step=CreateDependent(table=ORDERS, dependent=one))
        yield Example(
            name=f"drop {one.kind}",
            before=(CreateDependent(table=ORDERS, dependent=one),),
            step=DropDependent(table=ORDERS, dependent=one),
        )
    yield Example(
        name="replace view",
        before=(CreateDependent(table=ORDERS, dependent=OPEN_ORDERS),),
        step=ReplaceView(table=ORDERS, before=OPEN_ORDERS, after=OPEN_CODES),
    )
    colour = Enum(name=TableName("colour"), labels=("red", "green"))
    yield Example(name="create enum", step=CreateEnum(enum=colour))
    yield Example(name="drop enum", before=(CreateEnum(enum=colour),), step=DropEnum(enum=colour))
    yield Example(name="rename enum", step=RenameEnum(enum=MOOD, new="Old mood"))
    yield Example(name="add enum value", step=AddEnumValue(enum=MOOD, value="so so", before="fine"))
    yield Example(
        name="rename enum value", step=RenameEnumValue(enum=MOOD, old="it's bad", new="bad")
    )


EXAMPLES = tuple(_examples())

assert {type(one.step) for one in EXAMPLES} == set(STEP_TYPES), "a step has no example"
