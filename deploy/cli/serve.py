"""`hub serve`: one part of a hub."""

from typing import Annotated

import typer

from deploy import serve as serving
from deploy.cli.parts import Part

Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 in a container.")]
Port = Annotated[
    int | None, typer.Option(help="The port; 8000 for the gateway, 8001 to 8003 for the services.")
]


def serve(part: Part, host: Host = "127.0.0.1", port: Port = None) -> None:
    """Serve one part of a hub, as its HUB_ variables say.

    HUB_DATABASE_URL is the part's own role. SIGTERM finishes what is being answered and ends with 0.
    """
    serving.run(part.value, host, part.port if port is None else port)
