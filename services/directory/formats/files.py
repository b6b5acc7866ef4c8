"""Files that hold a local offer, opened by what is in them: JSON, NDJSON, a data package, packed or not.

Everything is read as a stream, so that memory does not grow with the file. Nothing is ever unpacked to a
path that the file names.
"""

import gzip
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from services.directory.formats import hsds
from services.directory.formats.encoding import as_text
from services.directory.formats.oruk import NotAFeed
from services.directory.formats.packed import UNPACKED, Limited, members
from services.directory.formats.stream import documents

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
JSON = (".json", ".ndjson", ".jsonl", ".geojson")


UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)


@contextmanager
def opened(file: Path) -> Generator[Iterator[object]]:
    """The service documents in a file, one after another. Raises NotAFeed, at once or on the way.

    `datapackage.json` stands for the tables that lie beside it.
    """
    with ExitStack() as stack:
        try:
            found = _opened(file, stack)
        except UNREADABLE as reason:
            raise NotAFeed(f"The file cannot be read: {_why(reason)}.") from reason
        yield _read(found)


def _read(found: Iterator[object]) -> Iterator[object]:
    """The documents; what goes wrong in the file while they are read is the file's fault."""
    try:
        yield from found
    except UNREADABLE as reason:
        raise NotAFeed(f"The file cannot be read: {_why(reason)}.") from reason


def _opened(file: Path, stack: ExitStack) -> Iterator[object]:
    with file.open("rb") as start:
        magic = start.read(4)
    if magic.startswith(ZIP):
        return _zipped(stack.enter_context(zipfile.ZipFile(file)), stack)
    if magic.startswith(GZIP):
        unpacked = cast("IO[bytes]", stack.enter_context(gzip.open(file)))  # noqa: SIM115  # the stack closes it
        return documents(stack.enter_context(as_text(Limited(unpacked, UNPACKED))))
    if file.name.lower() == "datapackage.json":
        return stack.enter_context(hsds.package_beside(file))
    if file.suffix.lower() == ".csv":
        raise NotAFeed(
            "One table is not a local offer: give its datapackage.json, or the whole package as a zip."
        )
    return documents(stack.enter_context(as_text(stack.enter_context(file.open("rb")))))


def _zipped(archive: zipfile.ZipFile, stack: ExitStack) -> Iterator[object]:
    """A data package if there are tables in it; else every JSON file in it, in order."""
    found = members(archive)
    if any(name.lower().endswith(".csv") for name in found):
        return stack.enter_context(hsds.package_zipped(archive, found))
    texts = [member for name, member in found.items() if name.lower().endswith(JSON)]
    if not texts:
        raise NotAFeed("The zip holds neither tables (.csv) nor JSON.")
    limited = (Limited(archive.open(member), member.file_size + 1) for member in texts)
    return (one for text in limited for one in documents(stack.enter_context(as_text(text))))


def _why(reason: Exception) -> str:
    said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return str(said).rstrip(".")
