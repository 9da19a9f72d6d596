"""Every answer carries the security headers, and nothing is changed from another site."""

import pytest
from starlette.datastructures import Headers

from geo_server.access.headers import POLICY, is_own_origin


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        (None, True),
        ("http://qyran.kz", True),
        ("https://QYRAN.kz", True),
        ("http://qyran.kz:8080", False),
        ("http://evil.example", False),
        ("http://qyran.kz.evil.example", False),
        ("null", False),
        ("http://[", False),
        ("file://qyran.kz", False),
    ],
)
def test_an_origin_is_own_only_when_it_is_the_host_that_was_asked(origin: str | None, own: bool) -> None:
    headers = {"host": "qyran.kz"} | ({} if origin is None else {"origin": origin})
    assert is_own_origin(Headers(headers)) is own


def test_the_policy_allows_no_foreign_address_and_no_evaluated_script() -> None:
    assert "http" not in POLICY and "unsafe-eval" not in POLICY and "script-src 'self';" in POLICY
    assert "default-src 'none'" in POLICY and "frame-ancestors 'none'" in POLICY
