"""Reaching a camera's RTSP: connected where it was checked, encrypted for rtsps, and heard to speak at all."""

import socket
import ssl
from urllib.parse import urljoin, urlsplit

from ingest.sources.addresses import connect, unreachable
from ingest.sources.answers import Answers
from ingest.sources.first_word import first_word
from ingest.sources.networks import Networks
from ingest.sources.source import SourceError

PORTS = {"rtsp": 554, "rtsps": 322}


class Redirected(SourceError):
    """The camera sends whoever comes to another address, which is to be checked."""

    def __init__(self, url: str, networks: Networks) -> None:
        """Take the address, and the networks that it may lie in."""
        super().__init__("leads_elsewhere")
        self.url, self.networks = url, networks


def reached(url: str, networks: Networks, timeout_s: float) -> tuple[socket.socket, Networks]:
    """Connect to a camera that answers, and return the networks that it may lead into."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    camera = connect(host, port, networks, timeout_s)
    try:
        beyond = networks.beyond(camera.getpeername()[0])
        camera = _encrypted(camera, host) if parts.scheme == "rtsps" else camera
        _heard_out(camera, url, beyond, timeout_s)
    except OSError as error:  # it took the connection and broke it
        camera.close()
        raise unreachable(host, port, error) from None
    except SourceError:
        camera.close()
        raise
    return camera, beyond


def _heard_out(camera: socket.socket, url: str, beyond: Networks, timeout_s: float) -> None:
    answers = Answers()
    answers.passed(first_word(camera, url, timeout_s))
    if answers.leads_to is not None:
        raise Redirected(urljoin(url, answers.leads_to), beyond)


def _encrypted(camera: socket.socket, host: str) -> ssl.SSLSocket:
    """Encrypt; a camera's certificate is its own and nobody's, so who it is rests on its address and password."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return context.wrap_socket(camera, server_hostname=host)
    except OSError:
        camera.close()
        raise SourceError("not_tls") from None
