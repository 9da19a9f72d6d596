"""Names of hosts: which of them only this machine reaches, and how one stands in an address."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_demo(*, demo: bool, host: str) -> None:
    """Refuse a demo that other machines could reach; raises ValueError with a sentence."""
    if demo and host not in LOOPBACK:
        raise ValueError(
            f"The demo listens on loopback only ({', '.join(LOOPBACK)}), because everybody knows its passwords."
        )


def authority(host: str, port: int) -> str:
    """Return `host:port` as an address writes it: an IPv6 host in brackets (RFC 3986, 3.2.2)."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
