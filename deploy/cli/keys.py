"""`hub keys`: fresh keys, as variables."""

import secrets
from typing import Annotated

import typer

from deploy import keys as making
from deploy.terminal import AsJson, say, say_json

# Names only: importing the roles would import the web framework.
DATABASE_ROLES = ("POSTGRES", "GATEWAY", "REFERRAL", "ASSESSMENT", "DIRECTORY")


def keys(
    env: Annotated[
        bool, typer.Option("--env", help="Add a password for every database role: the file compose needs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print fresh keys for a new hub: secrets, so keep the file to yourself.

    hub keys --env > .env && chmod 600 .env
    """
    variables = making.fresh()
    if env:
        variables |= {f"HUB_PASSWORD_{role}": secrets.token_urlsafe(24) for role in DATABASE_ROLES}
    if as_json:
        say_json(variables)
        return
    for name, value in variables.items():
        say(f"{name}='{value}'")
