"""`python -m ingest.models.cli convert --home DIR`: make the model of the house ready to run."""

from pathlib import Path
from typing import Annotated

import typer

from ingest.models.nanodet import install
from ingest.models.tfjs import ModelError

app = typer.Typer(add_completion=False, no_args_is_help=True)
Home = Annotated[Path, typer.Option(envvar="QYRAN_HOME", help="The folder of all state.")]


@app.callback()
def main() -> None:
    """Models that see."""


@app.command()
def convert(home: Home = Path("var")) -> None:
    """Convert the fetched NanoDet to ONNX and write its card; quick where that is done."""
    try:
        done = install(home)
    except ModelError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo("The detector is converted." if done else "The detector is already there.")


if __name__ == "__main__":
    app()
