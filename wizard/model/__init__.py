"""Pure data: schemas, steps, plans, answers, findings, errors."""
