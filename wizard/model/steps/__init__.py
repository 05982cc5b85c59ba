"""Steps: the closed set of primitive changes of which every plan is made.

A Step is data. What it does to a schema is `wizard.model.simulate`, how to take it back is
`wizard.model.inverse`, its SQL and its locks are the dialect's, its framework form the
generator's. A new Step makes every dialect and generator fail its registry test, on purpose.

Each module here holds the steps of one subject and ends with their union: a new step goes into both,
and is known. Whoever needs a step imports it from here.
"""

from __future__ import annotations

import re
from typing import get_args

from wizard.model.steps.columns import *
from wizard.model.steps.constraints import *
from wizard.model.steps.dependents import *
from wizard.model.steps.enums import *
from wizard.model.steps.guards import *
from wizard.model.steps.indexes import *
from wizard.model.steps.rows import *
from wizard.model.steps.syncs import *
from wizard.model.steps.tables import *
from wizard.model.steps.views import *

Step = (
    TableStep
    | ColumnStep
    | IndexStep
    | ConstraintStep
    | SyncStep
    | ViewStep
    | DependentStep
    | EnumStep
    | Batched
    | GuardStep
)

STEP_TYPES: tuple[type, ...] = get_args(Step)

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def step_name(step: Step | type) -> str:
    """Return the stable name of a step as documents show it: ``AddColumn`` is ``add_column``."""
    kind = step if isinstance(step, type) else type(step)
    return _CAPITAL.sub("_", kind.__name__).lower()


def is_data(step: Step) -> bool:
    """Tell whether a step changes rows rather than the schema."""
    return isinstance(step, Batched)
