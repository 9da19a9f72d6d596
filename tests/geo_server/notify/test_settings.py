"""Nothing leaves this machine unless an administrator has set where to."""

import asyncio
from pathlib import Path

import pytest
from pydantic import ValidationError

from geo_server.notify.register import CHANNELS, OF_CONTACTS, Wiring, built
from geo_server.notify.settings import ChannelSettings
from geo_server.notify.steps import CREW_PAGE
from layers.database import engine_for


def channels(home: Path, **told: object) -> dict[str, bool]:
    settings = ChannelSettings(**told)  # type: ignore[arg-type]
    wiring = Wiring(settings=settings, home=home, engine=engine_for("postgresql:///nowhere"), receipts=asyncio.Queue())
    return {name: channel.configured for name, channel in built(wiring).items()}


def test_by_default_only_the_house_s_own_page_is_there(tmp_path: Path) -> None:
    assert {name for name, configured in channels(tmp_path).items() if configured} == {CREW_PAGE}
    assert list(tmp_path.iterdir()) == [], "and no key is made for what is not used"


def test_each_channel_is_there_once_it_is_set(tmp_path: Path) -> None:
    hosts = dict.fromkeys(("smtp_host", "smpp_host", "mqtt_host"), "gateway.example.kz")
    more = {"sms_http_url": "https://gateway.example.kz/sms", "webhook_hosts": ["hooks.example.kz"]}
    assert all(channels(tmp_path, **hosts, **more).values())


def test_the_register_names_channels_as_they_name_themselves(tmp_path: Path) -> None:
    wiring = Wiring(
        settings=ChannelSettings(), home=tmp_path, engine=engine_for("postgresql:///nowhere"), receipts=asyncio.Queue()
    )
    assert [channel.name for channel in built(wiring).values()] == list(CHANNELS)
    assert set(OF_CONTACTS) == set(CHANNELS) - {CREW_PAGE}
    assert all(build.title.kk and build.title.ru and build.title.en for build in built(wiring).values())


def test_a_setting_that_is_no_address_is_refused_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QYRAN_SMTP_PASSWORD", "hush")
    assert "hush" not in repr(ChannelSettings())
    monkeypatch.setenv("QYRAN_SMTP_FROM", "not an address")
    with pytest.raises(ValidationError, match="smtp_from"):
        ChannelSettings()
