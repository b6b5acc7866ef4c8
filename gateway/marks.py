"""Marks of who asks: that two questions came from the same place today, and nothing else.

A mark is a keyed hash under a salt that lives in memory, for one day, in this process: nobody can say
afterwards whose it was, and tomorrow's is another. The directory counts a question once for each mark, so
that nobody lifts a small number of unmet needs over the line by asking again and again.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request

from hub.heard import today

HEADER = "x-hub-mark"


def _salt() -> bytes:
    return secrets.token_bytes(32)


@dataclass
class Marks:
    """Marks of one day."""

    day: date = field(default_factory=today)
    salt: bytes = field(default_factory=_salt, repr=False)

    def of(self, who: str) -> str:
        """The mark of a caller or a family."""
        if self.day != today():
            self.day, self.salt = today(), _salt()
        return blake2b(who.encode(), key=self.salt, digest_size=16).hexdigest()

    def of_address(self, request: Request) -> str:
        """The mark of where a request came from; a home's whole IPv6 network is one place."""
        return self.of(_place(request.client.host if request.client else ""))


def _place(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
