"""`hub migrate`: brings a database up to date."""

import asyncio
import os

from deploy import environment
from deploy import migrate as migrating
from deploy.terminal import AsJson, doing, say, say_json
from hub.policy import SERVICE_ROLES

PASSWORDS = {part: f"HUB_PASSWORD_{part.upper()}" for part in SERVICE_ROLES}


def migrate(as_json: AsJson = False) -> None:
    """Bring a database up to date: its roles, then every schema.

    HUB_DATABASE_URL is an administrator's. HUB_PASSWORD_GATEWAY, HUB_PASSWORD_REFERRAL,
    HUB_PASSWORD_ASSESSMENT and HUB_PASSWORD_DIRECTORY give the parts' roles their passwords; a role
    whose variable is not set keeps its own. A second run at the same moment waits for the first.
    """
    url = environment.database_url(environment.settings())
    passwords = {part: os.environ[name] for part, name in PASSWORDS.items() if os.environ.get(name)}
    with doing("Bringing the database up to date"):
        asyncio.run(environment.check_reachable(url))
        moved = migrating.migrate(url, passwords)
    if as_json:
        say_json({"brought_up_to_date": moved, "passwords_set": sorted(passwords)})
        return
    say(f"Brought up to date: {', '.join(moved)}." if moved else "Every schema was up to date.")
    if passwords:
        say(f"Set the password of: {', '.join(SERVICE_ROLES[part] for part in passwords)}.")
