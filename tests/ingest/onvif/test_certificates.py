"""A camera by TLS is known by its certificate: the first is kept and told, another one is this camera's fault."""

import asyncio
import hashlib
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.door import certificates
from ingest.onvif.camera import Camera
from ingest.onvif.errors import OnvifError
from ingest.onvif.listening import Listening
from ingest.onvif.soap import Endpoint
from ingest.serve import event_kinds
from layers.database import INGEST, as_role, engine_for
from tests.ingest.onvif.simulated import Simulate, Simulated, anywhere
from tests.ingest.onvif.test_acting import put_up, sql, until

pytestmark = pytest.mark.anyio
OTHER = "0" * 64


@pytest.fixture
def tls(simulate: Simulate, tmp_path: Path) -> tuple[Simulated, str]:
    """A camera by https, and the fingerprint of its certificate."""
    pair = certificates.own(tmp_path, "127.0.0.1")
    der = ssl.PEM_cert_to_DER_cert(pair.cert.read_text())
    return simulate(tls=[str(pair.cert), str(pair.key)]), hashlib.sha256(der).hexdigest()


async def test_who_answers_is_told_before_a_word_is_sent_and_another_one_hears_none(tls: tuple[Simulated, str]) -> None:
    simulated, fingerprint = tls
    camera = await Camera(Endpoint.of(simulated.url, anywhere)).open()
    assert camera.endpoint.seen == fingerprint
    assert (await Camera(Endpoint.of(simulated.url, anywhere, fingerprint)).open()).endpoint.seen == fingerprint
    before = simulated.inject()["heard"]
    with pytest.raises(OnvifError, match="another certificate") as refused:
        await Camera(Endpoint.of(simulated.url, anywhere, OTHER)).open()
    assert refused.value.code == "certificate_changed"
    assert simulated.inject()["heard"] == before


async def test_the_first_certificate_is_kept_and_another_is_the_camera_s_fault(
    engine: AsyncEngine, database_url: str, tls: tuple[Simulated, str]
) -> None:
    simulated, fingerprint = tls
    await put_up(engine, simulated.url)
    west = engine_for(as_role(database_url, INGEST))
    listening = Listening(engine=west, kinds=event_kinds(), resolve=anywhere, look_s=0.1, pull_s=1)
    task = asyncio.create_task(listening.run())
    try:
        await until(lambda: sql(engine, "SELECT 1 FROM camera WHERE onvif_pin = :pin", pin=fingerprint))
        await sql(engine, "UPDATE camera SET onvif_pin = :pin", pin=OTHER)
        await until(lambda: sql(engine, "SELECT 1 FROM camera WHERE onvif_fault = 'certificate_changed'"))
        await sql(engine, "UPDATE camera SET onvif_pin = NULL")
        await until(lambda: sql(engine, "SELECT 1 FROM camera WHERE onvif_fault IS NULL AND onvif_pin IS NOT NULL"))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await west.dispose()
