"""The encoding of a text, from its first bytes: its mark, else UTF-8, else what Windows writes in Britain."""

import codecs
import io
from typing import IO, cast

START = 64 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(start: bytes) -> str:
    """The encoding of what starts like this."""
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    if start[1:2] == b"\0":
        return "utf-16-le"
    if start[:1] == b"\0":
        return "utf-16-be"
    try:
        # A character may be cut in half at the end of what we look at.
        codecs.getincrementaldecoder("utf-8")().decode(start, final=len(start) < START)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def as_text(source: IO[bytes] | io.RawIOBase) -> io.TextIOWrapper:
    """A stream of bytes as a stream of text. A byte that means nothing becomes the mark for that."""
    buffered = io.BufferedReader(cast("io.RawIOBase", source), START)
    encoding = encoding_of(buffered.peek(START)[:START])
    return io.TextIOWrapper(buffered, encoding, errors="replace", newline="")
