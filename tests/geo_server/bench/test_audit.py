"""The bench of the audit acts both ways on a real store, and says whether the cost is within what was asked."""

from pathlib import Path

import psycopg
import pytest

from geo_server.bench import Ground, audit

pytestmark = pytest.mark.anyio


def test_the_cost_is_the_share_of_the_throughput_that_is_lost() -> None:
    acts, cost = audit.figures([90.0, 1.0, 99.0], [100.0, 100.0, 7.0])
    assert (acts.value, acts.floor, acts.ratio) == (90.0, 100.0, 0.9)
    assert (cost.value, cost.holds) == (10.0, True)
    assert audit.figures([84.0], [100.0])[1].holds is False


async def test_half_of_the_turns_write_the_audit_and_it_is_sealed_meanwhile(
    bare_database_url: str, tmp_path: Path
) -> None:
    ground = Ground(database_url=bare_database_url, home=tmp_path)
    acts, _, bare, cost_of_bare = await audit.run(ground, turns=1, turn_s=0.3)
    assert all(rate.value > 0 and rate.floor for rate in (acts, bare))
    assert cost_of_bare.asked == "<= 15%" and cost_of_bare.holds is not None
    with psycopg.connect(bare_database_url) as link:
        counts = ("count(*) FROM audit", "count(*) FROM incident_entry", "max(seq) FROM audit_checkpoint")
        asked = "SELECT " + ", ".join(f"(SELECT {count})" for count in counts)
        told, done, sealed = link.execute(asked).fetchone() or (0, 0, 0)
    assert 0 < told < done
    assert sealed >= 1


@pytest.fixture
def bare_database_url(database_url: str) -> str:
    """A store without areas, as a bench is given."""
    with psycopg.connect(database_url) as link:
        link.execute("DELETE FROM area")
    return database_url
