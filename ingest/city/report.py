"""What an import took and what it left, with the reason: kept with the city and printed for the person."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class Report:
    """Counts by what was imported, and by what was skipped and why."""

    imported: Counter[str] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: float = 0.0

    def take(self, what: str, count: int = 1) -> None:
        """Count something that went in."""
        self.imported[what] += count

    def skip(self, what: str, why: str, count: int = 1) -> None:
        """Count something that stayed out, and why."""
        self.skipped[what, why] += count

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is stored."""
        skipped = [{"what": what, "why": why, "count": n} for (what, why), n in self.skipped.most_common()]
        return {"imported": dict(self.imported), "skipped": skipped, "seconds": round(self.seconds, 1)}

    def show(self, console: Console, title: str) -> None:
        """Print what went in and what stayed out."""
        table = Table("", "", "", title=title, show_header=False, title_justify="left")
        for what, n in self.imported.most_common():
            table.add_row("[green]imported", what, f"{n:,}")
        for (what, why), n in self.skipped.most_common():
            table.add_row("[yellow]skipped", f"{what}: {why}", f"{n:,}")
        console.print(table)
