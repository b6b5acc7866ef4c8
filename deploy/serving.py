"""How HTTP is served, in one process or in many: what a proxy and a client in front may count on."""

from typing import Literal

import uvicorn
from fastapi import FastAPI

# Longer than any client keeps an idle connection (httpx 5 s, load balancers 60 s): who closes last loses no
# request that was just being sent.
KEEP_ALIVE = 75


def config(app: FastAPI, *, lifespan: Literal["on", "off"], goodbye: int) -> uvicorn.Config:
    """What a server runs with; `goodbye` is how many seconds requests under way have when it stops."""
    return uvicorn.Config(
        app,
        lifespan=lifespan,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=goodbye,
    )
