"""The whole examination of one part's configuration, or of one that all parts share."""

from deploy import environment
from deploy.doctor.database import database
from deploy.doctor.findings import Finding, wrong
from deploy.doctor.services import services
from deploy.doctor.variables import variables
from deploy.environment import DatabaseUnreachable, SettingNotValid
from hub.settings import SettingMissing, Settings


async def examine(settings: Settings, part: str | None) -> list[Finding]:
    """Everything that was looked at, good and wrong. Without a `part`, what any part would need."""
    found = variables(settings, part)
    try:
        found += await database(environment.database_url(settings), part)
    except SettingMissing:
        found.append(wrong("HUB_DATABASE_URL", "HUB_DATABASE_URL is not set.", URL))
    except SettingNotValid as reason:
        found.append(wrong("HUB_DATABASE_URL", str(reason), URL))
    except DatabaseUnreachable as reason:
        found.append(wrong("database", str(reason), REACH))
    if part in (None, "gateway"):
        found += await services(settings)
    return found


URL = "It is postgresql://ROLE:PASSWORD@HOST/DATABASE, with the part's own role."
REACH = "Is the server up, is the address right, and did `hub migrate` give this role its password?"
