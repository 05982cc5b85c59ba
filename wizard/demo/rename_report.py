"""The end of the guided rename, in tables: queries by version and stage, gates, the longest wait."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.demo.tally import Tally


def told(guided: Tally, naive: Tally, gates: Sequence[str]) -> str:
    """Return the whole report."""
    longest, stage = guided.longest
    lines = ["", "Queries in the guided rename, and how many of them failed", ""]
    lines += table(guided)
    lines += ["", f"{'longest query':<22}{longest:.0f} ms, in the stage {stage}"]
    lines += [one if one.startswith(" ") else f"gate before {one}" for one in gates]
    lines += ["", "Queries around the one-line rename, and how many of them failed", ""]
    lines += table(naive)
    lines += [f"  {times:>6} × {problem}" for problem, times in naive.problems()[:4]]
    lines += [
        "",
        f"{'guided rename':<22}{guided.failed:,} of {guided.asked:,} queries failed, "
        "there and back again",
        f"{'one-line rename':<22}{naive.failed:,} of {naive.asked:,} queries failed",
        "",
    ]
    return "\n".join(lines)


def table(tally: Tally) -> list[str]:
    """Return the counts of a run: a stage a line, a version a column."""
    versions = tally.versions()
    lines = ["".join((f"  {'stage':<16}", *(f"{one:>18}" for one in versions), f"{'longest':>12}"))]
    for stage in tally.stages():
        counts = [tally.counts.get((stage, one)) for one in versions]
        cells = (f"{one.asked:,} ({one.failed:,})" if one else "·" for one in counts)
        longest = max(one.longest_ms for one in counts if one)
        lines.append(
            "".join((f"  {stage:<16}", *(f"{one:>18}" for one in cells), f"{longest:>9.0f} ms"))
        )
    return lines
