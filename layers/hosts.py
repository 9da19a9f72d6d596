"""Names of hosts: which of them only this machine reaches, how one stands in an address, and whom to take for one."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

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


def is_safe(address: object) -> bool:
    """Say whether that is an address by https, or one by http that stays on this machine."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
        host = parts.hostname if parts else None
    except ValueError:
        return False
    return (
        parts is not None and bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
    )


def trusting(cert: Path) -> ssl.SSLContext:
    """Return how to ask a server that shows this very certificate, by whatever address it is asked on this machine."""
    context = ssl.create_default_context(cafile=str(cert))
    context.check_hostname = False  # asked by its loopback address, which a given certificate need not name
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # trusted itself, without its issuer
    return context
