"""The keys of the partnership's clients, kept beside a local hub's data so that a second shell has them."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.tokens import ClientKey
from hub.caller import ClientId

FILE = "clients.json"


class ClientUnknown(Exception):
    """The hub that is running has no client of that name."""


@dataclass(frozen=True)
class Held:
    """One client as its agency's system would hold it: its key, and every scope it may ask for."""

    key: ClientKey
    scopes: tuple[str, ...]


def kept_in(folder: Path) -> dict[ClientId, Held]:
    """The clients whose keys are in this folder; none if it holds none."""
    file = folder / FILE
    if not file.exists():
        return {}
    kept: dict[str, dict[str, str]] = json.loads(file.read_text())
    return {
        ClientId(client): Held(ClientKey.read(held["key"]), tuple(held["scopes"].split()))
        for client, held in kept.items()
    }


def keep(folder: Path, clients: Mapping[ClientId, Held]) -> None:
    """Write the keys, readable by their owner alone, all of them or none."""
    text = json.dumps(
        {
            client: {"key": held.key.written(), "scopes": " ".join(held.scopes)}
            for client, held in clients.items()
        },
        indent=2,
    )
    half_written = folder / f"{FILE}.new"
    half_written.unlink(missing_ok=True)
    with os.fdopen(os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half_written.rename(folder / FILE)


def held_by(client: ClientId, folder: Path) -> Held:
    """That client's key. Raises ClientUnknown, naming those there are."""
    clients = kept_in(folder)
    if client not in clients:
        there = ", ".join(sorted(clients)) or "none"
        raise ClientUnknown(f"There is no client {client}. The clients are: {there}.")
    return clients[client]
