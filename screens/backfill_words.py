"""Words for a running backfill: numbers with units, each state as a sign and a word, and the end."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from screens.words import MUTED, hang, human_count, human_time, lines
from wizard.backfilling.progress import Progress, Reading, RunState, WorkerProgress, WorkerState
from wizard.backfilling.tempo import Tempo, told
from wizard.model.counted import rows as counted_rows

Mark = tuple[str, str, str]

RUNS: dict[RunState, Mark] = {
    "running": ("▸", "running", "bold $text-success"),
    "throttled": ("!", "waiting", "bold $text-warning"),
    "paused": ("‖", "paused", "bold $text-warning"),
    "stopped": ("■", "stopped", "bold $text-primary"),
    "failed": ("✗", "failed", "bold $text-error"),
    "done": ("✓", "done", "bold $text-success"),
}
WORKERS: dict[WorkerState, Mark] = {
    "walking": ("▸", "walking", "$text-success"),
    "waiting": ("!", "waiting", "$text-warning"),
    "failed": ("✗", "failed", "bold $text-error"),
    "done": ("✓", "done", "$text-success"),
}
SAFE = "Safe to stop: it goes on from here."

#: How many seconds lie between two of the rates that are drawn.
SAMPLE_S = 5.0

_EIGHTHS = " ▏▎▍▌▋▊▉"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_LABEL = 11


def share(progress: Progress) -> float | None:
    """Return how much of the table was walked, from 0 to 1; None where the size is not known."""
    if progress.state == "done":
        return 1.0
    if not progress.total:
        return None
    # The total is an estimate: what is not done is never told as whole.
    return min(0.999, progress.walked / progress.total)


def bar_text(progress: Progress, *, width: int) -> Content:
    """Return the bar with its share in figures, readable without colours too."""
    part = share(progress)
    if part is None:
        return Content.styled("how many rows there are is not known", MUTED)
    told = f" {part * 100:5.1f} %"
    room = max(10, width - len(told))
    eighths = int(part * room * 8)
    full, rest = divmod(eighths, 8)
    head = "█" * full + (_EIGHTHS[rest].strip() if rest else "")
    style = RUNS[progress.state][2]
    return Content.assemble((head, style), ("·" * (room - len(head)), MUTED), (told, "bold"))


def spark_text(rates: Sequence[float], *, width: int) -> str:
    """Return the newest rates as small columns, scaled from nothing to the highest of them."""
    shown = list(rates)[-width:]
    top = max(shown, default=0.0)
    if top <= 0:
        return _HEIGHTS[0] * len(shown)
    return "".join(_HEIGHTS[min(7, int(one / top * 7.999))] for one in shown)


def span(seconds: float | None) -> str:
    """Say a length of time in two units: 48 s, 13 min 02 s, 4 h 10 min."""
    if seconds is None:
        return "not known yet"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s" if whole % 60 else f"{whole // 60} min"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86400} days {whole % 86400 // 3600} h"


def state_text(progress: Progress) -> Content:
    """Return how the run stands, with the reason."""
    sign, word, style = RUNS[progress.state]
    return Content.assemble(
        (f"{sign} {word}", style), f"  {progress.reason}" if progress.reason else ""
    )


def figures(progress: Progress) -> tuple[tuple[str, str], ...]:
    """Return what is told in figures, each with its label."""
    total = f" of ≈ {human_count(progress.total)}" if progress.total else ""
    walked = counted_rows(progress.total or progress.walked, f"{progress.walked:,}{total}")
    tried = "none" if not progress.retries else f"{progress.retries:,}"
    return (
        ("walked", f"{walked}, {progress.changed:,} changed"),
        ("rate", f"{progress.rows_per_second:,.0f} rows/s"),
        ("time", f"{span(progress.elapsed_s)} so far{_left(progress)}"),
        ("batch", _batch(progress)),
        ("pace", f"{_pace(progress)}{tried} tried again"),
    )


def _left(progress: Progress) -> str:
    if progress.state in ("done", "stopped", "failed"):
        return ""
    if progress.eta_s is None:
        return ", how much longer is not known now"
    return f", ≈ {span(progress.eta_s)} left"


def _pace(progress: Progress) -> str:
    if not progress.target_ms:
        return ""
    return f"{told(Tempo(target_ms=progress.target_ms, nice=progress.nice))}; "


def _batch(progress: Progress) -> str:
    walking = [one for one in progress.workers if one.batch_rows]
    if not walking:
        return "–"
    rows = [one.batch_rows for one in walking]
    size = f"{min(rows):,}" if min(rows) == max(rows) else f"{min(rows):,} to {max(rows):,}"
    slowest = human_time(round(max(one.batch_ms for one in walking)))
    longest = human_time(round(progress.longest_batch_ms))
    return f"{counted_rows(max(rows), size)}, the last in {slowest}, the longest in {longest}"


def figures_text(progress: Progress, spark: str, *, width: int) -> Content:
    """Return the figures, one a line; ``spark`` stands beside the rate."""
    rows = []
    for label, text in figures(progress):
        first = Content.styled(f"{label:<{_LABEL}}", MUTED)
        if label == "rate" and len(spark) > 1:
            row = Content.assemble(first, f"{text:<15}  ", (spark, "$text-accent"))
            told = f"  the last {span(len(spark) * SAMPLE_S)}"
            fits = row.cell_length + len(told) <= width
            rows.append(Content.assemble(row, (told, MUTED)) if fits else row)
        else:
            rows.append(hang(first, text, width))
    return lines(rows)


def worker_text(worker: WorkerProgress, *, width: int) -> Content:
    """Return one worker: its state, where it is, and its last batch."""
    sign, word, style = WORKERS[worker.state]
    first = Content.assemble((f"{worker.number:>3}  ", MUTED), (f"{sign} {word:<8}", style), " ")
    told = [f"at {worker.position}"] if worker.position else []
    told.append(f"{counted_rows(worker.walked, human_count(worker.walked))} walked")
    if worker.batch_rows and worker.state == "walking":
        told.append(f"{counted_rows(worker.batch_rows)} in {human_time(round(worker.batch_ms))}")
    return hang(first, " · ".join(told), width)


def reading_text(reading: Reading, *, width: int, label: int, value: int) -> Content:
    """Return one sign of how the database copes: its word, its value, and its limit.

    ``label`` and ``value`` are how many columns those have, 0 where there is no room for columns.
    """
    if reading.value is None:
        first = Content.styled("? not read  ", "$text-warning")
        if not label:
            return hang(first, f"{reading.label}: {reading.why}", width)
        first = Content.assemble(first, f"{reading.label:<{label}}  ")
        return hang(first, reading.why, width, style=MUTED)
    now, limit = _now(reading), _figure(reading.limit)
    style = "bold $text-warning" if reading.exceeded else "$text-success"
    word = Content.styled("! waits     " if reading.exceeded else "✓ ok        ", style)
    if not label:
        return hang(word, f"{reading.label}: {now}, waits above {limit}", width)
    return Content.assemble(
        word,
        f"{reading.label:<{label}}  ",
        (f"{now:<{value}}", "bold" if reading.exceeded else ""),
        (f"  waits above {limit}", MUTED),
    )


def _now(reading: Reading) -> str:
    """Return the value, with its unit unless the label names that already."""
    figure = _figure(reading.value or 0.0)
    return figure if reading.unit in reading.label.split() else f"{figure} {reading.unit}".rstrip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"


def workers_text(progress: Progress, *, width: int) -> Content:
    """Return all workers."""
    return lines(
        [Content.styled("Workers", "bold")]
        + [worker_text(one, width=width) for one in progress.workers]
    )


def readings_text(progress: Progress, *, width: int) -> Content:
    """Return all signs of how the database copes."""
    label = max((len(one.label) for one in progress.readings), default=0)
    told = [_now(one) for one in progress.readings if one.value is not None]
    value = max(map(len, told), default=0)
    limit = max((len(_figure(one.limit)) for one in progress.readings), default=0)
    if 12 + label + 2 + value + len("  waits above ") + limit > width:
        label = 0
    return lines(
        [Content.styled("How the database copes", "bold")]
        + [reading_text(one, width=width, label=label, value=value) for one in progress.readings]
    )


def summary(progress: Progress) -> str:
    """Return the end of a run as plain lines, which stay on the terminal."""
    sign, word, _ = RUNS[progress.state]
    rate = progress.walked / progress.elapsed_s if progress.elapsed_s >= 1 else None
    told = [f"{sign} {word}: {progress.title} ({progress.table})"]
    if progress.reason:
        told.append(f"  why      {progress.reason}")
    told.append(f"  walked   {counted_rows(progress.walked)}, changed {progress.changed:,}")
    took = f"  took     {span(progress.elapsed_s)}"
    if rate is not None and progress.state == "done":
        took += f", {rate:,.0f} rows/s"
    told.append(took)
    longest = human_time(round(progress.longest_batch_ms))
    tried = progress.retries or "none"
    told.append(f"  batches  the longest took {longest}, {tried} tried again")
    if progress.state != "done":
        told.append("  go on    run the same command again: it goes on from here")
    return "\n".join(told) + "\n"
