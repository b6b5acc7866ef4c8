"""Plays the story on a running hub, through its front door, whichever way the hub runs."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx

from deploy.audit import export, verify_log
from deploy.demo import feed
from deploy.demo.chapters import CHAPTERS
from deploy.demo.clients import ClientKey
from deploy.demo.partner import Partner
from deploy.demo.partnership import REGISTERED
from deploy.demo.stage import Stage
from deploy.demo.teller import Teller
from deploy.local import Running, listen, served
from hub.caller import ClientId


class AuditDidNotVerify(Exception):
    """The exported log does not match its signed checkpoint."""


async def play(hub: Running, keys: Mapping[ClientId, ClientKey], teller: Teller) -> Stage:
    """Tell the whole story, then verify the audit log offline. Raises AnswerUnexpected, AuditDidNotVerify."""
    listener = listen(0)
    async with (
        served(feed.app(), listener),
        httpx.AsyncClient(base_url=hub.url, timeout=30) as http,
    ):
        partners: dict[str, Partner] = {a.id: Partner(a, keys[a.client], http, hub.url) for a in REGISTERED}
        stage = Stage(http, partners, teller)
        stage.ids["feed"] = "http://{}:{}".format(*listener.getsockname()[:2])
        for chapter in CHAPTERS:
            await chapter(stage)
        await verify(hub, stage)
        return stage


async def verify(hub: Running, stage: Stage) -> None:
    """Export the log as an operator would, and check it against the key the front door publishes."""
    key = (await stage.http.get("/audit/key")).text.strip()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "audit.ndjson"
        leaves = await export(hub.database_url, key, file)
        with file.open(encoding="utf-8") as lines:
            verdict = verify_log(lines, key=key)
    if not verdict.holds:
        raise AuditDidNotVerify("; ".join(map(str, verdict.failures)))
    stage.teller.tell("The audit log", f"verifies offline: {leaves} entries under a signed checkpoint.")
