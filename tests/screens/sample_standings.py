"""Plans as `wizard.standing` tells them, to show: a rename at each of its moments, and others."""

from __future__ import annotations

from dataclasses import replace

from wizard.model.plan import Snippet
from wizard.standing import FileStanding, GateStanding, PhaseStanding, PlanStanding

_VERSIONS = "migrations/versions"
_DIFFER = "SELECT id FROM orders WHERE status IS DISTINCT FROM status_code ORDER BY id LIMIT 3"
_SNIPPET = Snippet(
    phase="contract",
    title="SQLAlchemy",
    text="class Order(Base):\n    status: Mapped[str] = mapped_column(String(20))",
)

EXPAND = PhaseStanding(
    name="expand",
    state="applied",
    when="before the deploy of the code that uses status",
    application="need not change: whatever is written to status_code or status is written to both",
    way_back="lossless: alembic downgrade 8c1f2a takes the new column away again",
    written="2026-11-23T10:20:30Z",
    files=(
        FileStanding(
            path=f"{_VERSIONS}/2026_11_23_1020-5f3c_add_status_to_orders.py",
            revision="5f3c",
            state="applied",
        ),
        FileStanding(
            path=f"{_VERSIONS}/2026_11_23_1021-77aa_sync_status_on_orders.py",
            revision="77aa",
            state="applied",
            note="changed since it was written",
        ),
    ),
)
BACKFILL = PhaseStanding(
    name="backfill",
    state="written",
    when="after expand",
    application="still reads status_code: status is not complete yet",
    way_back="lossless: stop it at any time, nothing has to be taken back",
    written="2026-11-24T09:00:00Z",
    files=(
        FileStanding(
            path=f"{_VERSIONS}/2026_11_24_0900-9d10_fill_status_of_orders.py",
            revision="9d10",
            state="not applied",
        ),
    ),
)
VALIDATE = PhaseStanding(
    name="validate",
    state="waiting",
    when="when the fill is done; then deploy the code that uses only status",
    application="may use status as soon as this is done",
    way_back="lossless",
    gate=GateStanding(
        text="status_code and status agree in every row",
        state="fails",
        query=_DIFFER,
        people=False,
        rows=("17", "18", "204"),
    ),
)
CONTRACT = PhaseStanding(
    name="contract",
    state="waiting",
    when="a release later",
    application="uses only status",
    way_back="closes here: from this phase on status_code can be made anew, but what only it held is gone",
    gate=GateStanding(
        text="every running instance uses only status, and you will not roll back behind it; "
        "status_code and status agree",
        state="people",
        query=_DIFFER,
    ),
    snippets=(_SNIPPET,),
)
RENAME = PlanStanding(
    slug="rename-orders-status-code",
    title="Rename orders.status_code to status",
    created="2026-11-23T10:20:30Z",
    way_back="lossless until contract",
    phases=(EXPAND, BACKFILL, VALIDATE, CONTRACT),
    next="apply the backfill: alembic upgrade 9d10",
    command="alembic upgrade 9d10",
)
STUCK = replace(
    RENAME,
    slug="drop-users-legacy",
    title="Drop users.legacy_flags",
    phases=(
        replace(EXPAND, files=EXPAND.files[:1]),
        replace(CONTRACT, gate=VALIDATE.gate),
    ),
    next="write contract: a release later",
    command="migwiz next drop-users-legacy",
    blocked="3 rows and perhaps more differ: finish the phase before it, then ask again",
)
WAITING = replace(
    RENAME,
    slug="split-customers-name",
    title="Split customers.name into first_name and last_name",
    next="wait until every instance runs the version that writes both",
    command="",
)
FINISHED = replace(
    RENAME,
    slug="add-index-orders-channel",
    title="Add an index on orders (channel)",
    phases=(replace(EXPAND, files=EXPAND.files[:1]),),
    next="",
    command="",
    over="finished",
)
ABANDONED = replace(
    FINISHED, slug="rename-carts", title="Rename the table carts to baskets", over="abandoned"
)
PLANS = (FINISHED, RENAME, ABANDONED, STUCK, WAITING)


def many(count: int) -> tuple[PlanStanding, ...]:
    """Return that many plans."""
    return tuple(
        replace(PLANS[number % len(PLANS)], slug=f"plan-{number}", title=f"Change number {number}")
        for number in range(count)
    )
