"""Zip files are not trusted: names that leave the folder, bombs, and members without end are refused."""

import io
import zipfile
from pathlib import PurePosixPath
from typing import IO

from typing_extensions import override

from services.directory.formats.oruk import NotAFeed

MEMBERS = 200
UNPACKED = 2 * 1024**3
RATIO = 200  # text packs at 5 to 20; a bomb at a thousand
SMALL = 1024 * 1024


class Limited(io.RawIOBase):
    """A stream that ends in NotAFeed where it grows beyond a size, whatever its header promised."""

    def __init__(self, source: IO[bytes], limit: int) -> None:
        super().__init__()
        self._source = source
        self._left = limit

    @override
    def read(self, size: int = -1) -> bytes:
        """The next bytes; b"" at the end."""
        piece = self._source.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise NotAFeed("The file is larger unpacked than the hub reads.")
        return piece

    @override
    def readable(self) -> bool:
        """It is for reading."""
        return True

    @override
    def readinto(self, buffer: "bytearray | memoryview") -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As `read`, for those who bring their own buffer."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files in a zip by their names. Raises NotAFeed for what is not safe to read."""
    found = [member for member in archive.infolist() if not member.is_dir()]
    if len(found) > MEMBERS:
        raise NotAFeed(f"The zip holds more than {MEMBERS} files.")
    if sum(member.file_size for member in found) > UNPACKED:
        raise NotAFeed("The zip is larger unpacked than the hub reads.")
    for member in found:
        _check(member)
    return {member.filename: member for member in found if not _is_aside(member.filename)}


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise NotAFeed("The zip has a name in it that leads out of its folder.")
    if member.flag_bits & 1:
        raise NotAFeed("The zip is locked with a password.")
    if member.file_size > SMALL and member.file_size > RATIO * max(member.compress_size, 1):
        raise NotAFeed("The zip has a file in it that is packed too well to be data.")


def _is_aside(name: str) -> bool:
    """What a Mac leaves in its zips."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")
