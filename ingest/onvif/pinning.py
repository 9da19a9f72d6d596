"""Who answers by TLS: a camera's certificate is its own and nobody's, so that it is known by its fingerprint alone."""

import hashlib
import ssl
from collections.abc import Callable

from ingest.onvif.errors import OnvifError


def context(pin: str | None, met: Callable[[str], None]) -> ssl.SSLContext:
    """Return a context that tells `met` the fingerprint of who answers, SHA-256 in hex, before a word is sent.

    Where a pin is given, another one ends the handshake: OnvifError certificate_changed.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.sslobject_class = _checking(pin, met)
    return made


def _checking(pin: str | None, met: Callable[[str], None]) -> type[ssl.SSLObject]:
    class Checking(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            seen = hashlib.sha256(self.getpeercert(binary_form=True) or b"").hexdigest()
            met(seen)
            if pin is not None and seen != pin:
                raise OnvifError(
                    "certificate_changed", "The camera shows another certificate than the one it is known by."
                )

    return Checking
