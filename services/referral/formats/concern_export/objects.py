"""NDJSON: one object a line, its values text or null; nothing said twice, no number that is none."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn, cast

from services.referral.formats.concern_export.line import FIELDS, LARGEST, TOO_LONG, Fields, no_such
from services.referral.formats.record import NotReadable
from services.referral.schemas.files import FieldFault


def rows(lines: Iterable[str | None]) -> Iterator[tuple[int, Fields | list[FieldFault]]]:
    """Each line's number with its fields, or with what is wrong. Blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line is None or len(line) > LARGEST:
            yield number, [TOO_LONG]
        elif line.strip():
            yield number, _fields(line)


def _fields(line: str) -> Fields | list[FieldFault]:
    try:
        found = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except NotReadable as reason:
        return _whole(str(reason))
    except json.JSONDecodeError as reason:
        return _whole(f"This line stops being JSON at character {reason.pos + 1}.")
    except RecursionError:
        return _whole("This line is nested too deeply.")
    except ValueError:  # Python refuses to read an integer of thousands of digits
        return _whole("This line has a number that is too long.")
    if not isinstance(found, dict):
        return _whole("This line is not a JSON object.")
    return _texts(cast("Mapping[str, Any]", found))


def _texts(found: Mapping[str, Any]) -> Fields | list[FieldFault]:
    faults = no_such(found)
    for name, value in found.items():
        if name in FIELDS and not isinstance(value, str | None):
            faults.append({"pointer": f"/{name}", "detail": "This is text in quotation marks, or null."})
    return faults or found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotReadable("This line says the same name twice.")
    return found


def _no_number(_: str) -> NoReturn:
    raise NotReadable("This line has NaN or Infinity, which JSON does not.")


def _whole(detail: str) -> list[FieldFault]:
    return [{"pointer": "", "detail": detail}]
