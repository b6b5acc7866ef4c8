"""How the hub reads other people's addresses: http(s) only, one host, public, small, and not for long.

The address is resolved once, checked, and then connected to by number, so that a name cannot mean one
machine when it is checked and another when it is read (server-side request forgery, DNS rebinding).
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import IO

import httpx

from services.directory.formats import NotAFeed, parse
from services.directory.rules.feeds import FeedAddressNotAllowed, FeedAsksToWait, FeedNotReadable

LARGEST = 20 * 1024 * 1024
LARGEST_DOCUMENT = 512 * 1024 * 1024
REDIRECTS = 3
TRANSLATED = ip_network("64:ff9b::/96")  # an IPv4 address in disguise
REDIRECT = range(300, 400)
OK, NOT_MODIFIED = 200, 304
ASKS_TO_WAIT = (429, 503)
A_MINUTE, A_DAY = 60.0, 86_400.0


@dataclass(frozen=True)
class Validators:
    """What a feed gave with an answer, to ask later whether it still stands (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The question, as headers."""
        said = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Answer:
    """What a feed answered: None for "as it was"."""

    body: bytes | None
    validators: Validators


@dataclass(frozen=True)
class Reader:
    """Reads JSON. `inside` names the hosts that may be on a private or loopback address."""

    client: httpx.AsyncClient
    inside: frozenset[str]

    async def read(self, url: httpx.URL, seconds: float) -> object:
        """The parsed answer. Raises FeedNotReadable, FeedAsksToWait or FeedAddressNotAllowed, saying why."""
        parsed, _ = await self.read_if_changed(url, seconds, Validators())
        return parsed

    async def read_if_changed(
        self, url: httpx.URL, seconds: float, known: Validators
    ) -> tuple[object, Validators | None]:
        """The parsed answer and its validators; no validators if the feed says it is as it was."""
        try:
            async with asyncio.timeout(seconds):
                answer = await self._answer(url, known)
                if answer.body is None:
                    return None, None
                return parse(answer.body), answer.validators
        except NotAFeed as reason:
            raise FeedNotReadable(f"{url.path}: {reason}") from reason
        except TimeoutError as reason:
            raise FeedNotReadable(f"{url.path}: no answer in {seconds:g} seconds.") from reason
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as reason:
            raise FeedNotReadable(f"{url.path}: {type(reason).__name__}.") from reason

    async def fetch(self, url: httpx.URL, seconds: float, into: IO[bytes]) -> None:
        """Lay a whole document into a file. Raises as `read` does."""
        try:
            async with asyncio.timeout(seconds):
                await self._answer(url, Validators(), into)
        except TimeoutError as reason:
            raise FeedNotReadable(f"{url.path}: not whole in {seconds:g} seconds.") from reason
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as reason:
            raise FeedNotReadable(f"{url.path}: {type(reason).__name__}.") from reason

    async def _answer(self, url: httpx.URL, known: Validators, into: IO[bytes] | None = None) -> Answer:
        for _ in range(REDIRECTS + 1):
            address = await _address(url, self.inside)
            async with self.client.stream(
                "GET",
                url.copy_with(host=address),
                headers={
                    "host": url.netloc.decode(),
                    "accept-encoding": "gzip, identity",
                    **known.headers(),
                },
                extensions={"sni_hostname": url.host},
            ) as answer:
                if answer.status_code == NOT_MODIFIED and known.headers():
                    return Answer(None, known)
                if answer.status_code not in REDIRECT:
                    return await _heard(answer, url, into)
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


async def _heard(answer: httpx.Response, url: httpx.URL, into: IO[bytes] | None) -> Answer:
    """The body, while it stays small: into memory, or into a file."""
    if answer.status_code in ASKS_TO_WAIT:
        wait = _retry_after(answer)
        raise FeedAsksToWait(f"{url.path}: the answer was {answer.status_code}.", wait)
    if answer.status_code != OK:
        raise FeedNotReadable(f"{url.path}: the answer was {answer.status_code}.")
    if answer.headers.get("content-encoding", "identity") not in ("identity", "gzip"):
        raise FeedNotReadable(f"{url.path}: packed in a way we did not ask for.")
    body, size, largest = bytearray(), 0, LARGEST_DOCUMENT if into else LARGEST
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > largest:
            raise FeedNotReadable(f"{url.path}: larger than {largest} bytes.")
        if into:
            into.write(piece)
        else:
            body += piece
    headers = answer.headers
    return Answer(bytes(body), Validators(headers.get("etag"), headers.get("last-modified")))


def _retry_after(answer: httpx.Response) -> float:
    """For how many seconds the feed wants to be left alone (RFC 9110, section 10.2.3); a day at most."""
    said = answer.headers.get("retry-after", "")
    if said.isdecimal():
        return min(float(said), A_DAY)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return A_MINUTE
    zoned = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((zoned - datetime.now(UTC)).total_seconds(), 0.0), A_DAY)
