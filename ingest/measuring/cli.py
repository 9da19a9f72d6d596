"""`python -m ingest measure NAME…`: watch what functions are measured on and write what came of it on their cards."""

from pathlib import Path

import cv2
import typer

from ingest.detectors.objects import open_objects
from ingest.measuring.cards import NoCard, measure, write
from ingest.measuring.register import CASES
from ingest.measuring.watch import Eyes
from ingest.models.tfjs import ModelError


def run(names: list[str], home: Path) -> None:
    """Measure these functions, or all, and write their cards; a refusal is one sentence."""
    cv2.setNumThreads(1)
    try:
        eyes = Eyes(open_objects(home / "models" / "nanodet.card.json"))
        for name in names or CASES:
            figures = measure(name, home, eyes)
            write(name, figures)
            for figure in figures:
                typer.echo(f"{name}: {figure}")
    except (NoCard, ModelError) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
