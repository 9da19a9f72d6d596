"""Figures are told as one JSON object a line, or as a table; each bench has a database of its own."""

import json
from pathlib import Path

import psycopg
import pytest

from geo_server.bench import Bench, Figure, Ground, report
from geo_server.bench.register import BENCHES

pytestmark = pytest.mark.anyio


def test_a_figure_is_one_json_object_a_line() -> None:
    line = report.as_line(Figure(name="x", value=1.5, unit="ms", floor=1.0, ratio=1.5, asked="<= 2 ms", holds=True))
    assert "\n" not in line
    assert list(json.loads(line)) == ["name", "value", "unit", "floor", "ratio", "asked", "holds"]


def test_benches_are_chosen_by_name_and_all_where_none_is_named() -> None:
    assert [bench.name for bench in report.chosen(["live"])] == ["live"]
    assert report.chosen([]) == list(BENCHES)
    with pytest.raises(KeyError, match="nothing"):
        report.chosen(["nothing"])


async def test_a_bench_has_a_migrated_database_that_is_gone_after_it(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = []

    async def run(ground: Ground) -> list[Figure]:
        urls.append(ground.database_url)
        with psycopg.connect(ground.database_url) as link:
            (rows,) = link.execute("SELECT count(*) FROM unit").fetchone() or (None,)
        return [Figure(name="rows", value=float(rows or 0), unit="rows", asked="more than 0", holds=False)]

    bench = Bench(name="try", about="nothing", run=run)
    holds = await report.run([bench], database_url=database_url, home=tmp_path, as_json=True)
    assert not holds and json.loads(capsys.readouterr().out)["name"] == "rows"
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(urls[0])
