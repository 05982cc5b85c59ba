"""The short ways to rename a column: in the code alone, behind a view, at once."""

from __future__ import annotations

from wizard.model.findings import danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import fit_name
from wizard.model.plan import Gate, Migration, Plan
from wizard.model.steps import CreateShadowView, DropShadowView, RenameColumn, ShadowView
from wizard.operations import rename_views
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.operations.rename_findings import using_findings
from wizard.operations.rename_obstacles import name_obstacles, view_obstacles
from wizard.operations.renaming import Rename, naive_of, slug_of, title_of
from wizard.operations.snippets import mapped_names, one_name, renamed_in_steps


def map_plan(rename: Rename, context: Context) -> Plan:
    """Return the plan that maps the name in the code and changes nothing else."""
    finding = info(
        "map-the-name",
        f"No migration is needed: the model says {rename.new} and maps it to the column "
        f"{rename.column.name}.",
        why="A rename that changes nothing in the database cannot break anything.",
        safer=f"To change the database too, choose {_further(rename, context)}.",
    )
    return Plan(
        title=title_of(rename),
        slug=slug_of(rename),
        findings=(finding,),
        snippets=mapped_names(rename.table, rename.column, rename.new),
        naive=naive_of(rename, context),
    )


def _further(rename: Rename, context: Context) -> str:
    """Name the best way that changes the database, too."""
    if not name_obstacles(rename.table, rename.column.name, context.dialect):
        return "--how sync"
    if not view_obstacles(rename.table, context.dialect):
        return "--how view"
    return "--how direct in a maintenance window"


def view_plan(rename: Rename, context: Context) -> Plan:
    """Return the plan by which a view shows both names for a while."""
    rollout, table, old, new = context.rollout, rename.table, rename.column.name, rename.new
    found = view_obstacles(table, context.dialect)
    if found:
        sync = not name_obstacles(table, old, context.dialect)
        raise Refusal(
            danger(
                "cannot-view",
                f"{table.name} cannot be a view for a while: {'; '.join(found)}.",
                why="For a moment no name would be right, or somebody would see too much or too "
                "little.",
                safer=f"Map the name in the model (--how map){', or use --how sync' if sync else ''}.",
            )
        )
    limit = context.dialect.capabilities.name_bytes
    view = ShadowView(
        table=table.name,
        base=fit_name(f"{table.name.name}_base", limit=limit),
        columns=tuple(one.name for one in table.columns),
        old=old,
        new=new,
    )
    show = ddl(
        context, f"show {old} of {table.name} as {new} too", change(CreateShadowView(view=view))
    )
    step = RenameColumn(table=table.name, old=old, new=new)
    finish = ddl(context, title_of(rename), change(DropShadowView(view=view)), change(step))
    return Plan(
        title=title_of(rename),
        slug=slug_of(rename),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(show,),
                when=additive(rollout, new),
                application="may use either name, never both in one statement",
            ),
            Part(
                phase="contract",
                migrations=(finish,),
                when=f"a release later, when every running instance uses only {new}",
                application=f"uses only {new}",
                gate=Gate(
                    text=f"{everywhere(rollout, f'uses only {new}')}; no other view reads "
                    f"{table.name} while it is one",
                    query=context.dialect.readers(table.name),
                ),
            ),
        ),
        findings=(
            warning(
                "view-limits",
                f"While {table.name} is a view, TRUNCATE, CREATE INDEX, ALTER TABLE and new "
                "foreign keys to it fail, and new columns do not show.",
                why=f"The table itself is called {view.base} meanwhile.",
                safer=f"Plan no other change of {table.name} until this one is finished.",
            ),
            *using_findings(rename),
        ),
        naive=naive_of(rename, context),
        snippets=renamed_in_steps(table, rename.column, new, stopped=rollout.stopped),
    )


def direct_plan(rename: Rename, context: Context) -> Plan:
    """Return the plan that renames at once, while the application is stopped."""
    step = RenameColumn(table=rename.table.name, old=rename.column.name, new=rename.new)
    if not context.rollout.stopped:
        raise Refusal(
            danger(
                "rename-breaks-old-code",
                f"Renaming {rename.column.name} at once breaks every running instance that still "
                "says the old name.",
                why="Old and new code run together while a version rolls out.",
                safer="Map the name in the model (--how map), or rename in steps (--how sync). "
                "With the application stopped, use --deployment maintenance.",
            )
        )
    _refuse_checked(rename, context)
    title = title_of(rename)
    part = Part(
        phase="switch",
        migrations=(ddl(context, title, change(step)), *_following(rename, context)),
        when="in the maintenance window",
        application=f"stopped; start the version that says {rename.new}",
    )
    return Plan(
        title=title,
        slug=slug_of(rename),
        phases=phases(context.rollout, part),
        findings=using_findings(rename),
        naive=naive_of(rename, context),
        snippets=one_name(rename.table, rename.column, rename.new, phase="switch"),
    )


def _refuse_checked(rename: Rename, context: Context) -> None:
    """Refuse a column in a check, where the check would not follow."""
    if context.dialect.capabilities.rename_checked_column:
        return
    checks = [one.name for one in rename.table.checks if rename.column.name in one.columns]
    if checks:
        raise Refusal(
            danger(
                "check-holds-name",
                f"{', '.join(map(str, checks))} reads {rename.column.name}, and "
                f"{context.dialect.label} renames no column that a check reads.",
                safer=f"Drop it first (migwiz drop-constraint --table {rename.table.name} --name "
                f"{checks[0]}), and add it again under the new name.",
            )
        )


def _following(rename: Rename, context: Context) -> tuple[Migration, ...]:
    """Return what the views need whose queries the engine does not change by itself."""
    if context.dialect.capabilities.views_follow_renames:
        return ()
    table, old = rename.table, rename.column.name
    stuck = rename_views.obstacles(table, old, context.dialect)
    if stuck:
        listed = ", ".join(map(str, stuck))
        raise Refusal(
            danger(
                "dependent-in-the-way",
                f"The {listed} names {old} and would be broken by the rename.",
                why=f"{context.dialect.label} keeps the text of what names a column as it is.",
                safer="Change it in a migration of your own, or map the name (--how map).",
            )
        )
    return rename_views.lead(context, table, old, rename.new)
