"""Witnesses a hub's log from another agency: asks for its checkpoint, checks that it grew, cosigns it.

The witness trusts nobody but the log's key, which it pins the first time, and its own file: the last
checkpoint it cosigned. A log that was rolled back, or that shows another tree, does not agree with it.
"""

import base64
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
from joserfc.jwk import OKPKey

from deploy.tokens import ClientKey, token_for
from hub.proof import Checkpoint, CheckpointNotConsistent, KeyNotValid, NoteNotValid, Witness, check, verify

SCOPE = "audit:witness"


class LogForked(Exception):
    """The hub shows another log than the one that was cosigned before."""


class LogRolledBack(Exception):
    """The hub has gone back to an older log than the one that was cosigned before."""


class SignatureWrong(Exception):
    """The checkpoint is not signed by the log's key."""


class CosignatureRefused(Exception):
    """The hub did not take the cosignature."""


class HubDoesNotAnswer(Exception):
    """The hub did not say what a witness asks for."""


class WitnessFileNotUsable(Exception):
    """The file does not hold what a witness keeps."""


@dataclass(frozen=True)
class Cosigned:
    """What the witness has just put its name to."""

    checkpoint: Checkpoint
    before: int | None
    at: int


@dataclass
class Kept:
    """The witness's file: its own key, the log's key once it is known, and what it cosigned last."""

    file: Path
    key: OKPKey
    log_key: str | None = None
    note: str | None = None
    registered: bool = False

    @classmethod
    def read(cls, file: Path, log_key: str | None = None) -> "Kept":
        """What is in the file; a fresh key where there is none. Raises WitnessFileNotUsable.

        `log_key` is the log's key that one trusts: the hub is not asked for it.
        """
        if not file.exists():
            kept = cls(file, OKPKey.generate_key("Ed25519"), log_key)
            kept.write()
            return kept
        try:
            held = cast("Mapping[str, Any]", json.loads(file.read_text("utf-8")))
            key = OKPKey.import_key(held["key"])
            return cls(file, key, log_key or held["log_key"], held["note"], held["registered"])
        except (OSError, ValueError, KeyError, TypeError) as reason:
            raise WitnessFileNotUsable(f"{file} does not hold what a witness keeps.") from reason

    def write(self) -> None:
        """Keep it, for its owner alone: all of it or what was there before. Raises WitnessFileNotUsable."""
        held = {
            "key": self.key.as_dict(private=True),
            "log_key": self.log_key,
            "note": self.note,
            "registered": self.registered,
        }
        half_written = self.file.with_name(f"{self.file.name}.{uuid4().hex}")
        try:
            descriptor = os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                json.dump(held, out, indent=2)
                out.flush()
                os.fsync(out.fileno())
            half_written.rename(self.file)
        except OSError as reason:
            raise WitnessFileNotUsable(f"{self.file} cannot be written: {reason.strerror}.") from reason


@dataclass
class Watching:
    """One agency's witness at one hub."""

    url: str
    http: httpx.AsyncClient
    client: str
    client_key: ClientKey
    name: str
    kept: Kept
    _token: str = field(default="", init=False)

    async def once(self) -> Cosigned:
        """Ask, check, cosign, post and keep. What does not hold is raised, and nothing is signed.

        Raises LogForked, LogRolledBack, SignatureWrong, CosignatureRefused, HubDoesNotAnswer,
        WitnessFileNotUsable.
        """
        trusted = self.kept.log_key or (await self._said("/audit/key")).strip()
        note = await self._said("/audit/checkpoint")
        now = _signed(note, trusted)
        before = _signed(self.kept.note, trusted) if self.kept.note else None
        if before:
            await self._grew(before, now)
        moment = int(time.time())
        await self._post(Witness(self.name, self.kept.key), note, moment)
        # Only now: had the hub not taken it, the older checkpoint is what we still answer for.
        self.kept.log_key, self.kept.note = trusted, note
        self.kept.write()
        return Cosigned(now, before.size if before else None, moment)

    async def _grew(self, before: Checkpoint, now: Checkpoint) -> None:
        if now.size < before.size:
            raise LogRolledBack(f"The log has {now.size} leaves; {before.size} were cosigned before.")
        said = await self._said("/audit/consistency", **{"from": before.size, "to": now.size})
        try:
            path = [base64.b64decode(one, validate=True) for one in _proof(said)]
            check(before, now, path)
        except (CheckpointNotConsistent, ValueError, KeyError, TypeError) as reason:
            raise LogForked(
                f"The {before.size} leaves that were cosigned before are not in the log of {now.size} leaves."
            ) from reason

    async def _post(self, witness: Witness, note: str, moment: int) -> None:
        if not self.kept.registered:
            await self._sent("/audit/witness/key", {"key": witness.verifier_key()})
            self.kept.registered = True
            self.kept.write()
        await self._sent("/audit/witness", {"note": witness.cosign(note, moment)})

    async def _said(self, path: str, **asked: int) -> str:
        try:
            answer = await self.http.get(self.url + path, params=asked)
        except httpx.HTTPError as reason:
            raise HubDoesNotAnswer(f"{self.url} does not answer.") from reason
        if answer.status_code != 200:
            raise HubDoesNotAnswer(f"{self.url}{path} answered {answer.status_code}.")
        return answer.text

    async def _sent(self, path: str, body: Mapping[str, str]) -> None:
        """A write in the client's name, with a fresh token where the one it has is no longer good."""
        for fresh in (not self._token, True):
            if fresh:
                self._token = await self._fresh_token()
            headers = {"authorization": f"Bearer {self._token}", "idempotency-key": str(uuid4())}
            try:
                answer = await self.http.post(self.url + path, json=body, headers=headers)
            except httpx.HTTPError as reason:
                raise HubDoesNotAnswer(f"{self.url} does not answer.") from reason
            if answer.status_code == 204:
                return
            if answer.status_code != 401 or fresh:
                raise _refusal(answer)

    async def _fresh_token(self) -> str:
        try:
            return await token_for(self.http, self.url, self.client, self.client_key, [SCOPE])
        except httpx.HTTPError as reason:
            raise HubDoesNotAnswer(f"{self.url} does not answer.") from reason


def _signed(note: str, key: str) -> Checkpoint:
    try:
        return verify(note, key)
    except (NoteNotValid, KeyNotValid) as reason:
        raise SignatureWrong(f"The checkpoint is not signed by the log's key: {reason}.") from reason


def _proof(said: str) -> Sequence[str]:
    return cast("Mapping[str, Any]", json.loads(said))["proof"]


def _refusal(answer: httpx.Response) -> Exception:
    """A hub that says itself that the checkpoint contradicts what was cosigned has another log by now."""
    said = dict[str, Any]()
    with suppress(ValueError):
        said.update(cast("Mapping[str, Any]", answer.json()))
    words = str(said.get("detail") or said.get("title") or f"It answered {answer.status_code}.")
    if said.get("type") == "/problems/checkpoint-not-consistent":
        return LogForked(words)
    if answer.status_code >= 500:
        return HubDoesNotAnswer(f"The hub answered {answer.status_code}: {words}")
    return CosignatureRefused(f"The hub did not take it: {words}")
