"""Who answers where the gateway looks for each service."""

import asyncio
from collections.abc import Sequence

import httpx

from deploy.doctor.findings import Finding, good, wrong
from hub.settings import Settings

SERVICES = ("referral", "assessment", "directory")
PATIENCE = 3.0


async def services(settings: Settings) -> Sequence[Finding]:
    """One finding for each service."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        return await asyncio.gather(*(_service(http, settings, name) for name in SERVICES))


async def _service(http: httpx.AsyncClient, settings: Settings, name: str) -> Finding:
    variable, url = f"HUB_{name.upper()}_URL", str(getattr(settings, f"{name}_url")).rstrip("/")
    try:
        answer = await http.get(f"{url}/ready")
        said = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as reason:
        says = f"The {name} service does not answer at {url} ({type(reason).__name__})."
        return wrong(name, says, f"Start it with `hub serve {name}`, or set {variable} to where it is.")
    if not answer.is_success:
        says = f"The {name} service at {url} is up and not ready ({answer.status_code})."
        return wrong(name, says, f"Run `hub doctor {name}` with its variables.")
    if said.get("part") != name:
        says = f"{variable} leads to {said.get('part') or 'something else'} at {url}."
        return wrong(name, says, f"Set {variable} to where the {name} service is.")
    return good(name, f"The {name} service is ready at {url}.")
