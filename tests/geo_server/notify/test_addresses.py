"""An address is one, or it is refused with a sentence."""

from collections.abc import Callable

import pytest

from geo_server.notify import addresses

BAD: list[tuple[Callable[[str], str], str]] = [
    *((addresses.email, text) for text in ("nobody", "a@b\r\nBcc: c@d", "a b@c.kz", "a@b@c", "<a@b.kz>", "a..b@c.kz")),
    *((addresses.phone, text) for text in ("12", "+7abc", "+0123456789", "+7701123456789012", "7011234567;rm", "")),
    *((addresses.url, text) for text in ("ftp://a.kz", "https://", "https://u:p@a.kz", "http://a.kz/\r\nX: y", "//a")),
    *((addresses.topic, text) for text in ("a/#", "+/b", "$SYS/x", "/a", "a\x00", "")),
    *((addresses.host, text) for text in ("a b", "http://a", "-a", "")),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text"), BAD)
def test_what_is_no_address_is_refused(check: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        check(text)


@pytest.mark.parametrize("typed", ["+7 701 123-45-67", "8 (701) 123 45 67", "+77011234567"])
def test_a_number_is_kept_as_gateways_take_it(typed: str) -> None:
    assert addresses.phone(typed) == "+77011234567"


def test_good_addresses_stay_as_they_are() -> None:
    assert addresses.email("duty.officer+112@akimat.example.kz") == "duty.officer+112@akimat.example.kz"
    assert addresses.url("https://hooks.example.kz:8443/qyran?x=1") == "https://hooks.example.kz:8443/qyran?x=1"
    assert addresses.topic("units/101-3") == "units/101-3"
