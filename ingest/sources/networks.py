"""The networks that cameras may live in."""

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from ingest.settings import settings_for

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# What answers for the machine's own keys at the large clouds; nobody's camera lives there.
METADATA = frozenset(
    map(ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"))
)
THIS_NETWORK = ip_network("0.0.0.0/8")  # RFC 1122, 3.2.1.3: a way to say "this machine"
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in disguise


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """The networks cameras may live in; none: any but this machine, link-local, multicast, reserved and metadata.

    `public`: none but public ones and those that are named, for a camera at a public address led here.
    """

    among: tuple[Network, ...] = ()
    loopback: bool = False
    public: bool = False

    @classmethod
    def told(cls) -> Self:
        """Return what the environment says: QYRAN_CAMERA_NETWORKS, and this machine in the demo."""
        settings = settings_for(None)  # read here, not handed down: readers run in processes that the door starts
        return cls(among=settings.camera_networks, loopback=settings.demo)

    def beyond(self, address: str) -> Self:
        """Return where a camera at an address may lead: from a public one no unnamed private network is reached."""
        return replace(self, public=True) if _is_public(_unveiled(ip_address(address))) else self

    def allow(self, address: Address) -> bool:
        """Say whether a camera may live at an address."""
        address = _unveiled(address)
        if address in METADATA:
            return False
        if any(address in one for one in self.among):
            return True
        if self.public and not _is_public(address):
            return False
        return (address.is_loopback and self.loopback) or not (self.among or _is_forbidden(address))


def _unveiled(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    return address.is_global


def _is_forbidden(address: Address) -> bool:
    odd = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    return odd or address.is_reserved or address in THIS_NETWORK
