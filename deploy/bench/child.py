"""A whole hub in one process, as `hub up` runs it: `python -m deploy.bench.child`, told on standard input.

It ends when its standard input does, so that it does not outlive a benchmark that was killed.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from typing import Any

from deploy import loop
from deploy.demo.clients import register_partnership
from deploy.local import in_one_process
from hub.caller import ClientId
from hub.logs import quiet_logs


def main() -> None:
    """Serve the hub that the first line on standard input describes, and say where on standard output."""
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    quiet_logs("WARNING")
    loop.run(_serve(told))


async def _serve(told: dict[str, Any]) -> None:
    hub = in_one_process(told["database_url"], told["keys"], secrets_of_roles=told["passwords"])
    async with hub as running:
        await register_partnership(
            running.settings["gateway"], {ClientId(name): key for name, key in told["clients"].items()}
        )
        print(running.url, flush=True)  # noqa: T201  # what the parent waits for
        await asyncio.Event().wait()


def _end_with_stdin() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
