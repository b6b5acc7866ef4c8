"""How the hub reads other people's addresses: http(s) only, one host, public, small, and not for long.

The address is resolved once, checked, and then connected to by number, so that a name cannot mean one
machine when it is checked and another when it is read (server-side request forgery, DNS rebinding).
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from services.directory.formats import oruk
from services.directory.rules.feeds import FeedAddressNotAllowed, FeedNotReadable

LARGEST = 20 * 1024 * 1024
REDIRECTS = 3
TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address in disguise
REDIRECT = range(300, 400)
OK = 200


@dataclass(frozen=True)
class Reader:
    """Reads JSON. `inside` names the hosts that may be on a private or loopback address."""

    client: httpx.AsyncClient
    inside: frozenset[str]

    async def read(self, url: httpx.URL, seconds: float) -> object:
        """The parsed answer. Raises FeedNotReadable or FeedAddressNotAllowed, saying why."""
        try:
            async with asyncio.timeout(seconds):
                return oruk.parse(await self._body(url))
        except oruk.NotAFeed as reason:
            raise FeedNotReadable(f"{url.path}: {reason}") from reason
        except TimeoutError as reason:
            raise FeedNotReadable(f"{url.path}: no answer in {seconds:g} seconds.") from reason
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as reason:
            raise FeedNotReadable(f"{url.path}: {type(reason).__name__}.") from reason

    async def _body(self, url: httpx.URL) -> bytes:
        for _ in range(REDIRECTS + 1):
            address = await _address(url, self.inside)
            async with self.client.stream(
                "GET",
                url.copy_with(host=address),
                headers={"host": url.netloc.decode(), "accept-encoding": "gzip, identity"},
                extensions={"sni_hostname": url.host},
            ) as answer:
                if answer.status_code not in REDIRECT:
                    return await _small(answer, url)
                url = _same_host(url, answer)
        raise FeedNotReadable(f"{url.path}: more than {REDIRECTS} redirects.")


@asynccontextmanager
async def reader(inside: frozenset[str]) -> AsyncGenerator[Reader]:
    """A Reader for as long as a pull takes."""
    agent = {"user-agent": "early-help-hub", "accept": "application/json"}
    async with httpx.AsyncClient(headers=agent, timeout=None, trust_env=False) as client:  # noqa: S113  # timed above
        yield Reader(client, inside)


async def _address(url: httpx.URL, inside: frozenset[str]) -> str:
    """A numeric address of the host, once every address of it is one the hub may read from."""
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise FeedAddressNotAllowed("A feed is at http:// or https://, without a user name.")
    found = await asyncio.get_running_loop().getaddrinfo(
        url.host, url.port or url.scheme, type=socket.SOCK_STREAM
    )
    addresses = [str(entry[4][0]) for entry in found]
    if url.host not in inside and not all(_is_public(ip_address(a)) for a in addresses):
        raise FeedAddressNotAllowed(f"{url.host} is not on the public internet.")
    return addresses[0]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or address.teredo
        if hidden or address in TRANSLATED:
            return False
    return address.is_global and not address.is_multicast


def _same_host(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    """Where a redirect leads, if that is the same host and no less safe."""
    there = url.join(answer.headers.get("location", ""))
    if there.host != url.host or (url.scheme == "https" and there.scheme != "https"):
        raise FeedNotReadable(f"{url.path}: it redirects to another host.")
    return there


async def _small(answer: httpx.Response, url: httpx.URL) -> bytes:
    if answer.status_code != OK:
        raise FeedNotReadable(f"{url.path}: the answer was {answer.status_code}.")
    if answer.headers.get("content-encoding", "identity") not in ("identity", "gzip"):
        raise FeedNotReadable(f"{url.path}: packed in a way we did not ask for.")
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise FeedNotReadable(f"{url.path}: larger than {LARGEST} bytes.")
    return bytes(body)
