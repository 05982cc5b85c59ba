"""Steps with names and texts that are hard to quote, which every generator has to write."""

from __future__ import annotations

from dataclasses import replace

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
)
from wizard.model.steps import (
    AddEnumValue,
    AddExclusion,
    AddPrimaryKey,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateEnum,
    CreateTable,
    CreateTableView,
    DropDependent,
    DropEnum,
    DropTable,
    DropTableView,
    MoveNumbering,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    ReplaceView,
    SetIdentity,
    SetVisible,
    Step,
    SwapColumns,
    SwapTableView,
    Sync,
    TableView,
)

ODD = TableName('we"ird table', "sche'ma")
PART = TableName("part;1", "sche'ma")
TEXT = Column(
    name='co"l', type="character varying(20)", default="'it''s; 100% \\'", comment='a "b"; :c'
)
NUMBER = Column(name="order", type="integer", nullable=False)
KEY = PrimaryKey(name='k"ey', columns=("order",))
INDEX = Index(
    name="Ix",
    parts=(IndexPart(column='co"l'), IndexPart(expression='lower(\'""";\')')),
    where="note <> '%;'",
)
UNIQUE = Index(name="Ux", parts=(IndexPart(column="order"),), unique=True)
TABLE = Table(
    name=ODD,
    columns=(replace(NUMBER, identity="always"), TEXT),
    constraints=(
        KEY,
        Check(name="c", expression='note <> \'$$;"""\''),
        ForeignKey(
            name="f", columns=("order",), ref_table=PART, ref_columns=("id",), on_delete="cascade"
        ),
    ),
    indexes=(INDEX,),
    comment='it\'s; 100% :sure """',
)
VIEW = Dependent(
    kind="view",
    name='"vi;ew"',
    definition=(
        'CREATE VIEW "vi;ew" AS SELECT \':a;%\' AS "b"',
        "COMMENT ON VIEW \"vi;ew\" IS ';'",
    ),
)
MOOD = Enum(name=TableName("Mood", "sche'ma"), labels=("it's; fine", '100% "bad" :x'))

WHOLE = TableView(table=ODD, name='sh"own;', columns=("order", 'co"l'))
THERE = Sync(name="zz;there", table=ODD, old="order", new="wi;de")
BACK = Sync(name="zz;back", table=ODD, old="was;", new="order")

STEPS: tuple[Step, ...] = (
    CreateTable(table=TABLE),
    DropTable(table=TABLE),
    ChangeType(table=ODD, column=TEXT, to=replace(TEXT, type="text"), using="';:x'"),
    ChangeType(table=ODD, column=NUMBER, to=replace(NUMBER, type="bigint")),
    ChangeType(table=ODD, column=TEXT, to=replace(TEXT, collation="de-x-icu")),
    SetIdentity(table=ODD, column=NUMBER, identity="always"),
    SetIdentity(table=ODD, column=replace(NUMBER, identity="always"), identity=None),
    RenameIndex(table=ODD, old="Ix", new='I"y'),
    RenameConstraint(table=ODD, old="c", new="C;d"),
    SetVisible(table=ODD, index=INDEX, visible=False),
    AddPrimaryKey(table=ODD, constraint=KEY, columns=(NUMBER,)),
    AddPrimaryKey(table=ODD, constraint=KEY, columns=(NUMBER,), using=UNIQUE),
    AddExclusion(
        table=ODD, constraint=Exclusion(name="e", definition="EXCLUDE USING gist (a WITH &&)")
    ),
    DropDependent(table=ODD, dependent=VIEW),
    CreateDependent(table=ODD, dependent=VIEW),
    ReplaceView(table=ODD, before=VIEW, after=replace(VIEW, definition=VIEW.definition[:1])),
    CreateTableView(view=WHOLE),
    DropTableView(view=WHOLE),
    SwapTableView(view=WHOLE),
    SwapColumns(before=THERE, after=BACK),
    MoveNumbering(
        table=ODD,
        column=replace(NUMBER, identity="always"),
        to=Column(name="wi;de", type="bigint", nullable=False),
    ),
    CreateEnum(enum=MOOD),
    RenameEnum(enum=MOOD, new='Old "mood"; once'),
    DropEnum(enum=MOOD),
    AddEnumValue(enum=MOOD, value="so; 'so'", after="it's; fine"),
    RenameEnumValue(enum=MOOD, old="it's; fine", new='"fine"'),
    CopyRows(
        table=ODD,
        target=PART,
        columns=("order", 'co"l'),
        key=("order",),
        key_types=("integer",),
        needed="'co\"l' <> ':x;'",
    ),
    CopyRows(table=ODD, target=PART, columns=("order",), key=(), key_types=()),
)
