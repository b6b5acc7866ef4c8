"""How text is folded so that one address is one address, however it is spelt, spaced or escaped.

Text becomes pieces (runs of digits, runs of letters, `LaneBS5` is three); pieces are put in small letters,
without accents, abbreviations written out; what is sealed is looked for in the pieces run together.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

READINGS = 3

# After NFKD accents go, and what is invisible; letters that Unicode does not take apart are spelt out.
INVISIBLE = (
    *(*range(0x300, 0x370), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)),
    *(0xFEFF, *range(0xFE00, 0xFE10)),
    *(0x115F, 0x1160),  # Hangul fillers: letters that show nothing
)
SPELT_OUT = "ø:o ł:l đ:d ð:d æ:ae œ:oe þ:th Ø:O Ł:L Đ:D Æ:AE Œ:OE Þ:TH"
PLAIN: dict[int, str | None] = {
    **dict.fromkeys(INVISIBLE),
    **{ord(pair[0]): pair[2:] for pair in SPELT_OUT.split()},
}
# Letters of other alphabets that nobody tells from ours by eye (Unicode TR39, confusables: a choice).
LIKE = """131:i 251:a 261:g 391:A 392:B 395:E 396:Z 397:H 399:I 39a:K 39c:M 39d:N 39f:O 3a1:P 3a4:T 3a5:Y
3a7:X 3b1:a 3b9:i 3bd:v 3bf:o 3c1:p 3c5:u 405:S 406:I 408:J 410:A 412:B 415:E 41a:K 41c:M 41d:H
41e:O 420:P 421:C 422:T 423:Y 425:X 430:a 435:e 43e:o 440:p 441:c 443:y 445:x 455:s 456:i 458:j
4bb:h 501:d 51b:q 51d:w"""
LOOK_ALIKE = {int(code, 16): ours for code, _, ours in (pair.partition(":") for pair in LIKE.split())}
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
# A saint is abbreviated like a street, so both are written alike.
ABBREVIATED = """rd:road st:street str:street saint:street ave:avenue av:avenue ln:lane la:lane cl:close
ct:court crt:court dr:drive gdns:gardens gdn:garden cres:crescent cresc:crescent pl:place sq:square
terr:terrace ter:terrace hse:house ho:house gr:grove grv:grove pk:park apt:flat apartment:flat
bldg:building sch:school and: the:"""
WRITTEN_OUT = {short: long for short, _, long in (pair.partition(":") for pair in ABBREVIATED.split())}
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
HALVES = re.compile("[\ud800-\udfff]")  # JSON escapes what lies beyond in two halves
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
SAID_BY_ESCAPE = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " ", "v": " "}


def plain(text: str) -> str:
    """The text without accents and invisible characters, and in our letters as far as it looks like them."""
    return text if text.isascii() else unaccented(text).translate(LOOK_ALIKE)


def unaccented(text: str) -> str:
    """The text without accents and invisible characters, in the letters it has."""
    return unicodedata.normalize("NFKD", text).translate(PLAIN)


def fold(found: list[str]) -> list[str]:
    """Pieces as they are compared."""
    small = "\n".join(found).casefold().split("\n") if found else []
    return [WRITTEN_OUT.get(piece, piece) for piece in small]


def folded(text: str) -> str:
    """A fragment as it is stored and looked for."""
    return "".join(fold(PIECE.findall(plain(text))))


def readings(text: str) -> Iterator[str]:
    """The text, and what it says once escapes (JSON's, HTML's, a URL's, however deep) and tags are undone."""
    yield text
    for _ in range(READINGS):
        before = text
        if "<" in text:
            yield TAG.sub("", text)  # a word cut by markup; below, words that nothing but markup parts
        for mark, undo in (("\\", unescaped), ("&", html.unescape), ("%", unquote), ("<", untagged)):
            if mark in text:
                undone = undo(text)
                if undone != text:
                    yield undone
                text = undone
        if text == before:
            return


def unescaped(text: str) -> str:
    r"""One layer of JSON or Python escapes undone: `\n`, `\u00e9`, `\xe9`, `\"`."""

    def said(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else SAID_BY_ESCAPE.get(found[3], found[3])

    undone = ESCAPE.sub(said, text)
    if undone.isascii() or not HALVES.search(undone):
        return undone
    return undone.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def untagged(text: str) -> str:
    """The text without its markup: `12<br>Rose Lane` is `12 Rose Lane`."""
    return TAG.sub(" ", text)
