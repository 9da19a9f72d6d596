"""How much may come in: buckets of tokens that refill with time."""

import math
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

from ingest.errors import Refusal

BURST_S = 2.0  # what gathers while a sender is quiet: so many seconds of its rate
TRIES, TRIES_PER_S = 100.0, 5.0  # unknown keys from one address: at once, and a second
MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class Bucket:
    """Tokens that refill at a rate; what is larger than the whole bucket passes when it is full, and leaves a debt."""

    left: float = math.inf
    at: float = 0.0  # time.monotonic() of the last look

    def wait_s(self, cost: float, rate_per_s: float, full: float, now: float) -> float:
        """Take the cost and return 0, or leave it and return in how many seconds it can be had."""
        self.left = min(full, self.left + (now - self.at) * rate_per_s)
        self.at = now
        lacking = min(cost, full) - self.left
        if lacking > 1e-9:  # a refill that was waited for to the end may fall short by rounding
            return lacking / rate_per_s
        self.left -= cost
        return 0.0


class Strangers:
    """Addresses that come with unknown keys; the least recent is forgotten, so that no flood makes this grow."""

    def __init__(self) -> None:
        """Know nobody."""
        self._tries: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Say how many addresses are remembered."""
        return len(self._tries)

    def tries(self, address: str, now: float) -> None:
        """Let an address try one key that is not known yet; raises Refusal `too_many_tries`."""
        whose = network(address)
        bucket = self._tries.setdefault(whose, Bucket())
        self._tries.move_to_end(whose)
        if len(self._tries) > MOST_ADDRESSES:
            self._tries.popitem(last=False)
        if wait_s := bucket.wait_s(1, TRIES_PER_S, TRIES, now):
            raise limited("too_many_tries", wait_s)

    def forgive(self, address: str) -> None:
        """Give a try back: its key was good."""
        if bucket := self._tries.get(network(address)):
            bucket.left += 1


def limited(code: str, wait_s: float) -> Refusal:
    """Return the refusal of what may be sent again after a while."""
    return Refusal(code, retry_after_s=max(1, math.ceil(wait_s)))


def network(address: str) -> str:
    """Return whom an address stands for: itself, or its /64, of which a sender by IPv6 has 2⁶⁴ addresses."""
    try:
        whole = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))
