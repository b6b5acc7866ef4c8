"""Finds a package's tables, by its descriptor or by their names, and lays them out."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from services.directory.formats.encoding import encoding_of
from services.directory.formats.hsds.tables import TABLES, Tables
from services.directory.formats.oruk import NotAFeed
from services.directory.formats.oruk.fields import as_list, is_object
from services.directory.formats.packed import Limited

DESCRIPTOR = "datapackage.json"
LARGEST_DESCRIPTOR = 5 * 1024 * 1024
LARGEST_TABLE = 1024**3
Open = Callable[[], IO[bytes]]


@contextmanager
def package_zipped(
    archive: zipfile.ZipFile, found: Mapping[str, zipfile.ZipInfo]
) -> Generator[Iterator[object]]:
    """The services of a zipped package. Raises NotAFeed."""

    def opener(member: zipfile.ZipInfo) -> Open:
        return lambda: archive.open(member)

    files = {name: opener(member) for name, member in found.items()}
    at = next((name for name in files if PurePosixPath(name).name.lower() == DESCRIPTOR), None)
    with _laid_out(files, at) as services:
        yield services


@contextmanager
def package_beside(descriptor: Path) -> Generator[Iterator[object]]:
    """The services of the package whose descriptor is given: its tables lie beside it. Raises NotAFeed."""
    folder = descriptor.parent

    def opener(file: Path) -> Open:
        return lambda: file.open("rb")

    beside = [file for pattern in ("*.csv", "*/*.csv") for file in sorted(folder.glob(pattern))]
    files = {file.relative_to(folder).as_posix(): opener(file) for file in beside}
    with _laid_out(files | {descriptor.name: opener(descriptor)}, descriptor.name) as services:
        yield services


@contextmanager
def _laid_out(files: Mapping[str, Open], descriptor: str | None) -> Generator[Iterator[object]]:
    named = _named(files, descriptor)
    with tempfile.TemporaryDirectory(prefix="hub-package-") as scratch:
        tables = Tables(Path(scratch, "tables"))
        try:
            for table, file in named.items():
                with files[file]() as opened:
                    tables.lay(table, Limited(opened, LARGEST_TABLE))
            yield tables.services()
        finally:
            tables.close()


def _named(files: Mapping[str, Open], descriptor: str | None) -> dict[str, str]:
    """Which file holds which table. NotAFeed without services, or for a path out of the package."""
    named = _described(files, descriptor) if descriptor else {}
    for file in files:
        path = PurePosixPath(file)
        if path.suffix.lower() == ".csv" and (table := TABLES.get(path.stem.lower())):
            named.setdefault(table, file)
    if "service" not in named:
        raise NotAFeed("The package has no table of services.")
    return named


def _described(files: Mapping[str, Open], descriptor: str) -> dict[str, str]:
    """What the descriptor says (Frictionless Data Package): resources by name and path."""
    folder = PurePosixPath(descriptor).parent
    named: dict[str, str] = {}
    for resource in _resources(files[descriptor]):
        table = TABLES.get(str(resource.get("name") or "").lower())
        path = resource.get("path")
        for one in as_list(path)[:1]:
            place = PurePosixPath(str(one))
            if place.is_absolute() or ".." in place.parts or "://" in str(one) or "\\" in str(one):
                raise NotAFeed("The package's descriptor names a file outside the package.")
            if table and (folder / place).as_posix() in files:
                named[table] = (folder / place).as_posix()
    return named


def _resources(opened: Open) -> list[Mapping[str, Any]]:
    with opened() as file:
        body = file.read(LARGEST_DESCRIPTOR)
    try:
        said: object = json.loads(body.decode(encoding_of(body), "replace"))
    except (ValueError, RecursionError) as reason:
        raise NotAFeed(f"The package's {DESCRIPTOR} is not JSON.") from reason
    resources: object = cast("Mapping[str, object]", said).get("resources") if is_object(said) else None
    return [cast("Mapping[str, Any]", one) for one in as_list(resources) if is_object(one)]
