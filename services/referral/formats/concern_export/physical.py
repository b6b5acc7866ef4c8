"""Bytes to lines, as they come: a line at a time, however the bytes were cut."""

from collections.abc import Iterable, Iterator

LONGEST = 8 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lines(content: bytes | Iterable[bytes]) -> Iterator[str | None]:
    """Each line of UTF-8 with its line end; None for one longer than eight megabytes.

    A byte order mark is dropped. A byte that is not UTF-8 comes as half a surrogate pair, which no
    field accepts, so that one bad byte costs one line and not the file.
    """
    for number, line in enumerate(_split([content] if isinstance(content, bytes) else content)):
        if len(line) > LONGEST:
            yield None
        else:
            found = line if number else line.removeprefix(BYTE_ORDER_MARK)
            yield found.decode("utf-8", "surrogateescape")


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines; of one that is too long, no more is kept than shows that it is."""
    rest = b""
    for chunk in chunks:
        start = 0
        while end := chunk.find(b"\n", start) + 1:
            yield rest + chunk[start:end]
            rest, start = b"", end
        rest = (rest + chunk[start:])[: LONGEST + 1]
    if rest:
        yield rest
