"""MQTT by a real broker: published once it said so, with a login, and away."""

import asyncio
import getpass
import hashlib
import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from pydantic import SecretStr

from geo_server.notify.channel import Later, Sent
from geo_server.notify.mqtt import Mqtt
from geo_server.notify.settings import ChannelSettings
from tests.geo_server.notify.messages import message
from tests.running import free_ports

pytestmark = pytest.mark.anyio
BROKER = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


@contextmanager
def broker(folder: Path, *rules: str) -> Iterator[int]:
    """Run mosquitto on a port of its own until the block ends."""
    (port,) = free_ports(1)
    told = folder / "mosquitto.conf"
    who = f"user {getpass.getuser()}"  # started by root it would become another, who reads none of our files
    told.write_text("\n".join([f"listener {port} 127.0.0.1", "persistence false", who, *rules]) + "\n")
    process = subprocess.Popen([BROKER, "-c", str(told)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "running" in line:
                break
        yield port
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def hashed(password: str) -> str:
    """Return a password as mosquitto keeps it: PBKDF2 of SHA-512, salted."""
    salt = b"twelve bytes"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"$7$101${b64encode(salt).decode()}${b64encode(digest).decode()}"


def mqtt(port: int, **other: Any) -> Mqtt:
    return Mqtt(told=ChannelSettings(mqtt_host="127.0.0.1", mqtt_port=port, mqtt_tls=False, **other))


async def test_whoever_listens_hears_it(tmp_path: Path) -> None:
    with broker(tmp_path, "allow_anonymous true") as port:
        async with aiomqtt.Client("127.0.0.1", port) as listener:
            await listener.subscribe("qyran/notices/#", qos=1)
            assert await mqtt(port).send(message(address="units/101-3")) == Sent()
            heard = await asyncio.wait_for(anext(aiter(listener.messages)), 10)
    assert heard.topic.value == "qyran/notices/units/101-3" and isinstance(heard.payload, bytes)
    assert json.loads(heard.payload)["incident"]["number"] == "26-000001"


async def test_a_login_that_the_broker_does_not_know_is_a_fault_of_the_channel(tmp_path: Path) -> None:
    words = tmp_path / "passwords"
    words.write_text(f"qyran:{hashed('hush')}\n")
    with broker(tmp_path, "allow_anonymous false", f"password_file {words}") as port:
        good = mqtt(port, mqtt_user="qyran", mqtt_password=SecretStr("hush"))
        assert await good.send(message(address="x")) == Sent()
        bad = mqtt(port, mqtt_user="qyran", mqtt_password=SecretStr("wrong"))
        assert await bad.send(message(address="x")) == Later(code="login_refused")


async def test_a_broker_that_is_away_is_tried_again() -> None:
    (port,) = free_ports(1)
    assert isinstance(await mqtt(port).send(message(address="x")), Later)
