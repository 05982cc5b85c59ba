"""Files as a senior user of Django reads them: whole texts, and what must not be in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django_kit import (
    CUSTOMERS,
    ORDERS,
    detected,
    job,
    migration,
    migration_file,
    rendered,
    shop,
    write,
)

from generators.django import GENERATOR
from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Change
from wizard.model.schema import Check, Column, ForeignKey, Index, IndexPart, Table, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    Assignment,
    Backfill,
    CreateSync,
    DropColumn,
    DropConstraint,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameIndex,
    SetNotNull,
    Sync,
    ValidateConstraint,
)

CURRENCY = Column(name="currency", type="character varying(3)", nullable=False, default="'EUR'")
BILLING = ForeignKey(
    name="fk_billing", columns=("billing_id",), ref_table=CUSTOMERS, ref_columns=("id",),
    validated=False,
)  # fmt: skip
TOTAL = Index(name="ix_orders_total", parts=(IndexPart(column="total"),))


def test_a_column_with_a_default(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, AddColumn(table=ORDERS, column=CURRENCY), lock_timeout_ms=2_000)
    assert (
        text
        == '''\
"""Do it

Plan     a-change · expand · 1 of 1
Deploy   before the new code starts
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until currency is written
Models   Order: currency = models.CharField(max_length=3, db_default='EUR')
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('shop', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name='order',
            name='currency',
            field=models.CharField(max_length=3, db_default='EUR'),
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
'''
    )


def test_before_5_0_the_default_stays_only_in_sql(tmp_path: Path) -> None:
    shop(tmp_path)
    write(tmp_path / "requirements.txt", "django==4.2.1\n")
    text = rendered(tmp_path, AddColumn(table=ORDERS, column=CURRENCY))
    assert "db_default" not in text
    assert "ADD COLUMN currency varchar(3) DEFAULT 'EUR' NOT NULL" in text
    assert "field=models.CharField(max_length=3, default='EUR')" in text
    assert "state_operations=[" in text


def test_a_type_that_django_does_not_know_stays_outside_of_the_models(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, AddColumn(table=ORDERS, column=Column(name="s", type="tsvector")))
    assert "state_operations" not in text
    assert "State    orders.s stays outside of the models: Django has no words for" in text


def test_an_unknown_table_is_said_to_be_unknown(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, AddColumn(table=TableName("elsewhere"), column=CURRENCY))
    assert "migrations.RunSQL(" in text
    assert "state_operations" not in text
    assert "no migration tells of a model with the table elsewhere" in " ".join(text.split())


def test_an_index_is_built_concurrently_in_a_file_of_its_own(tmp_path: Path) -> None:
    shop(tmp_path)
    index = Index(
        name="ix_state",
        parts=(IndexPart(column="status"), IndexPart(column="total", order="desc")),
    )
    text = rendered(
        tmp_path,
        AddIndex(table=ORDERS, index=index, concurrently=True),
        transactional=False,
        lock_timeout_ms=2_000,
    )
    assert "class BuildIndex(AddIndexConcurrently):" in text
    assert "index=models.Index(fields=['state', '-total'], name='ix_state')" in text
    assert "    atomic = False\n" in text
    assert "lock_timeout" not in text


def test_settings_that_would_end_a_build_are_named(tmp_path: Path) -> None:
    shop(tmp_path)
    text = "DATABASES = {'default': {'OPTIONS': {'options': '-c statement_timeout=5000'}}}\n"
    write(tmp_path / "site/settings.py", text)
    index = replace(TOTAL, name="ix_new")
    built = rendered(tmp_path, AddIndex(table=ORDERS, index=index, concurrently=True))
    assert "Note     settings set statement_timeout in site/settings.py" in built
    assert "Note" not in rendered(tmp_path, AddColumn(table=ORDERS, column=CURRENCY))


def test_older_versions_get_no_newer_words(tmp_path: Path) -> None:
    shop(tmp_path)
    write(tmp_path / "requirements.txt", "django==3.2.1\n")
    renamed = rendered(tmp_path, RenameIndex(table=ORDERS, old="ix_orders_total", new="ix_sum"))
    assert "migrations.RenameIndex" not in renamed
    assert renamed.index("migrations.RemoveIndex(") < renamed.index("migrations.AddIndex(")
    check = Check(name="ck", expression="total >= 0", validated=False)
    assert "AddConstraintNotValid" not in rendered(
        tmp_path, AddCheck(table=ORDERS, constraint=check)
    )
    told = rendered(tmp_path, AddColumn(table=ORDERS, column=replace(CURRENCY, comment="ISO")))
    assert "db_comment" not in told


def test_an_index_is_dropped_natively_only_where_the_state_knows_it_as_it_is(
    tmp_path: Path,
) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, DropIndex(table=ORDERS, index=TOTAL, concurrently=True))
    assert "RemoveIndexConcurrently(model_name='order', name='ix_orders_total')" in text
    other = replace(TOTAL, parts=(IndexPart(column="billing_id"),))
    text = rendered(tmp_path, DropIndex(table=ORDERS, index=other, concurrently=True))
    # Its way back would build the index that the state knows.
    assert "RemoveIndexConcurrently" not in text
    assert "CREATE INDEX CONCURRENTLY ix_orders_total ON orders (billing_id)" in text
    assert "migrations.RemoveIndex(model_name='order', name='ix_orders_total')" in text


def test_a_name_too_long_for_django_is_the_fields_own_index(tmp_path: Path) -> None:
    shop(tmp_path)
    index = Index(name="ix_" + "x" * 30, parts=(IndexPart(column="billing_id"),))
    text = rendered(tmp_path, AddIndex(table=ORDERS, index=index))
    assert "models.BigIntegerField(null=True, db_index=True)" in text


def test_a_foreign_key_makes_a_relation_of_the_field(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, AddForeignKey(table=ORDERS, constraint=BILLING))
    assert "FOREIGN KEY (billing_id) REFERENCES shop_customer (id) NOT VALID" in text
    assert "old_name='billing_id'" in text
    assert "new_name='billing'" in text
    # There is another relation to customers, and no index of this column.
    assert "db_index=False" in text
    assert "related_name='+'" in text
    assert "null=True" in text


def test_a_field_that_leads_to_another_app_depends_on_it(tmp_path: Path) -> None:
    shop(tmp_path)
    made = (
        "migrations.CreateModel(name='Post', fields=[('id', models.AutoField(primary_key=True))]),"
    )
    migration_file(tmp_path / "blog/migrations", "0001_initial", label="blog", operations=made)
    migration_file(tmp_path / "blog/migrations", "0002_b", "0001_initial", label="blog")
    key = replace(BILLING, ref_table=TableName("blog_post"))
    work = job(migration("Do it", AddForeignKey(table=ORDERS, constraint=key)))
    project = next(one for one in GENERATOR.detect(tmp_path) if one.options["label"] == "shop")
    (edit,) = GENERATOR.render(project, work)
    assert "        ('shop', '0001_initial'),\n        ('blog', '0002_b'),\n" in edit.content


def test_the_tables_app_gets_the_file_whichever_was_named(tmp_path: Path) -> None:
    shop(tmp_path)
    migration_file(tmp_path / "blog/migrations", "0001_initial", label="blog")
    work = job(migration("Do it", AddColumn(table=ORDERS, column=CURRENCY)))
    blog = next(one for one in GENERATOR.detect(tmp_path) if one.options["label"] == "blog")
    (edit,) = GENERATOR.render(blog, work)
    assert edit.path == tmp_path.resolve() / "shop/migrations/0002_do_it.py"
    assert GENERATOR.commands(blog, [edit]).apply == "python manage.py migrate shop 0002_do_it"


@pytest.mark.parametrize(
    ("expression", "native"),
    [("total >= 0", True), ("status <> ''", False), ("status IN ('a', 'b')", False)],
)
def test_a_check_is_native_where_django_says_it_alike(
    tmp_path: Path, expression: str, native: bool
) -> None:
    shop(tmp_path)
    check = Check(name="ck", expression=expression, validated=False)
    text = rendered(tmp_path, AddCheck(table=ORDERS, constraint=check))
    assert ("        AddConstraintNotValid(" in text) is native
    assert ("NOT VALID" in text.replace("NotValid", "")) is not native
    assert "constraint=models.CheckConstraint(" in text


def test_a_check_that_proves_not_null_is_not_the_models_matter(tmp_path: Path) -> None:
    shop(tmp_path)
    check = Check(name="ck", expression="email IS NOT NULL", columns=("email",), validated=False)
    text = rendered(tmp_path, AddCheck(table=CUSTOMERS, constraint=check))
    assert "CheckConstraint" not in text


def test_validation_is_native_for_keys_too(tmp_path: Path) -> None:
    shop(tmp_path)
    step = ValidateConstraint(table=ORDERS, constraint=BILLING)
    validated = Change(step=step, undo=(Nothing(reason="it stays validated"),))
    text = rendered(tmp_path, validated)
    assert "        # It stays validated.\n        ValidateConstraint(model_name='order'" in text
    assert "from django.contrib.postgres.operations import ValidateConstraint\n" in text


def test_not_null_keeps_what_the_field_has(tmp_path: Path) -> None:
    shop(tmp_path)
    column = Column(name="email", type="character varying(200)")
    text = rendered(tmp_path, SetNotNull(table=CUSTOMERS, column=column))
    assert "field=models.EmailField(max_length=200)" in text
    assert "ALTER COLUMN email SET NOT NULL" in text


def test_a_dropped_column_takes_its_index_out_of_the_state(tmp_path: Path) -> None:
    shop(tmp_path)
    column = Column(name="total", type="numeric(10,2)", nullable=False)
    text = rendered(tmp_path, DropColumn(table=ORDERS, column=column))
    assert "'ALTER TABLE orders DROP COLUMN total'" in text  # and no CASCADE
    assert text.index("migrations.RemoveIndex(") < text.index("migrations.RemoveField(")


def test_a_column_that_a_trigger_fills_is_not_in_the_models_yet(tmp_path: Path) -> None:
    shop(tmp_path)
    sync = Sync(name="zz", table=ORDERS, old="billing_id", new="payer_id")
    twin = Column(name="payer_id", type="bigint")
    text = rendered(tmp_path, AddColumn(table=ORDERS, column=twin), CreateSync(sync=sync))
    assert "state_operations" not in text
    assert "migrations.AddField" not in text
    assert "CREATE TRIGGER zz" in text


def test_a_renamed_column_renames_the_field_or_says_the_new_column(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(tmp_path, RenameColumn(table=ORDERS, old="billing_id", new="payer_id"))
    assert "        migrations.RenameField(" in text
    assert "RENAME COLUMN" not in text
    text = rendered(tmp_path, RenameColumn(table=ORDERS, old="status", new="condition"))
    assert "db_column='condition', validators=[check]" in text
    assert "from shop.checks import check\n" in text
    assert "ALTER TABLE orders RENAME COLUMN status TO condition" in text


def test_unique_fields_and_constraints(tmp_path: Path) -> None:
    shop(tmp_path)
    unique = Unique(name="uq", columns=("billing_id", "status"))
    text = rendered(tmp_path, AddUnique(table=ORDERS, constraint=unique))
    assert "        migrations.AddConstraint(" in text
    assert "models.UniqueConstraint(fields=['billing_id', 'state'], name='uq')" in " ".join(
        text.split()
    ).replace("( ", "(").replace(" )", ")")
    own = Unique(name="shop_customer_name_key", columns=("name",))
    text = rendered(tmp_path, DropConstraint(table=CUSTOMERS, constraint=own))
    assert "field=models.CharField(max_length=200)" in text


def test_batches_walk_the_key_and_commit_each(tmp_path: Path) -> None:
    shop(tmp_path)
    step = Backfill(
        table=CUSTOMERS,
        assignments=(Assignment(column="email", expression="'100%s'"),),
        needed="email IS NULL",
        key=("id",),
        key_types=("bigint",),
    )
    text = rendered(tmp_path, step, kind="data", transactional=False, lock_timeout_ms=2_000)
    assert "    # Each batch commits by itself.\n    atomic = False\n" in text
    assert "SET email = '100%%s'" in text
    assert "cursor.execute(BATCH, {'after_0': after, 'size': size})" in text
    assert "elidable=True" in text
    # Each batch bounds its own waits: a setting of the session would outlive the file.
    assert "set_config('lock_timeout', '2s', true)" in text
    assert "SET lock_timeout" not in text
    assert "SET LOCAL lock_timeout" not in text


def test_what_cannot_be_undone_says_why(tmp_path: Path) -> None:
    shop(tmp_path)
    step = AddColumn(table=ORDERS, column=CURRENCY)
    text = rendered(tmp_path, Change(step=step, undo=(Impossible(reason="it's gone: 100%"),)))
    assert "from django.db.migrations.exceptions import IrreversibleError\n" in text
    assert 'raise IrreversibleError("it\'s gone: 100%")' in text
    # The last operation is the first on the way back.
    assert text.rstrip().endswith("migrations.RunPython(migrations.RunPython.noop, refuse),\n    ]")


def test_what_needs_no_transaction_parts_from_what_needs_one(tmp_path: Path) -> None:
    shop(tmp_path)
    index = replace(TOTAL, name="uq_idx", unique=True)
    work = job(
        migration(
            "Make it unique",
            Change(step=AddIndex(table=ORDERS, index=index, concurrently=True), undo=()),
            AddUnique(table=ORDERS, constraint=Unique(name="uq", columns=("total",)), using=index),
            transactional=False,
            lock_timeout_ms=2_000,
        )
    )
    first, second = GENERATOR.render(detected(tmp_path), work)
    assert (first.path.name, second.path.name) == (
        "0002_make_it_unique_1.py",
        "0003_make_it_unique_2.py",
    )
    assert "atomic = False" in first.content
    assert "DROP INDEX CONCURRENTLY IF EXISTS uq_idx" in first.content
    assert "atomic = False" not in second.content
    assert "SET LOCAL lock_timeout" in second.content
    assert "UNIQUE USING INDEX uq_idx" in second.content
    assert second.models == (
        "Order: Meta.constraints: models.UniqueConstraint(fields=['total'], name='uq')",
    )


def test_mysql_is_told_how_to_work(tmp_path: Path) -> None:
    shop(tmp_path)
    text = rendered(
        tmp_path,
        AddColumn(table=ORDERS, column=replace(CURRENCY, type="varchar(3)")),
        known=dialect("mysql", (8, 0, 36)),
    )
    assert "ALGORITHM=INSTANT" in text
    assert "\n        migrations.AddField(" not in text
    assert "state_operations=[" in text


def test_sqlite_rebuilds_as_the_plan_says(tmp_path: Path) -> None:
    shop(tmp_path)
    before = Table(name=CUSTOMERS, columns=(Column(name="id", type="INTEGER", nullable=False),
                                            Column(name="email", type="varchar(200)")))  # fmt: skip
    after = replace(before, columns=(before.columns[0], replace(before.columns[1], nullable=False)))
    text = rendered(
        tmp_path, RebuildTable(before=before, after=after), known=dialect("sqlite", (3, 40))
    )
    assert "atomic = False" in text
    assert "'BEGIN IMMEDIATE'" in text
    assert "field=models.EmailField(max_length=200)" in text


def test_check_finds_what_does_not_load(tmp_path: Path) -> None:
    shop(tmp_path)
    (edit,) = GENERATOR.render(
        detected(tmp_path), job(migration("a", AddColumn(table=ORDERS, column=CURRENCY)))
    )
    known = dialect("postgresql", (16,))
    for wrong, told in (
        (edit.content.replace("class Migration(", "class Migration("[:-1]), "not valid Python"),
        (edit.content.replace("class Migration", "class Other"), "no class Migration"),
        (edit.content.replace("    operations =", "    works ="), "no operations"),
        (edit.content.replace("import migrations, models", "import migrations"), "models"),
    ):
        with pytest.raises(AssertionError, match=told):
            GENERATOR.check([replace(edit, content=wrong)], known)
