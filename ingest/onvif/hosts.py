"""Where a camera's ONVIF may live: where its stream may, resolved and checked anew at every connection."""

from ingest.onvif.errors import OnvifError
from ingest.sources.addresses import UnknownHost, resolved
from ingest.sources.networks import Networks
from ingest.sources.source import SourceError


def check_host(host: str) -> str:
    """Return the IP address to connect to, the very one that was checked; this machine only in the demo.

    OnvifError where the name has none, or where no camera may live there.
    """
    try:
        return resolved(host, Networks.told())
    except UnknownHost as error:
        raise OnvifError("unknown_host", str(error)) from None
    except SourceError as error:
        raise OnvifError("forbidden_host", str(error)) from None
