"""Which hub an operator's command is about: the one in HUB_DATABASE_URL, or the one of theirs that is up."""

from pathlib import Path

from deploy import environment, keys, whereabouts
from hub.settings import Settings


def settings(data: Path | None = None) -> Settings:
    """The settings of the hub: its database as an administrator, and, where it is up here, its own keys.

    Raises NoHubRunning, SeveralHubsRunning or SettingNotValid.
    """
    given = environment.settings()
    if data is None and given.database_url.get_secret_value():
        return given
    here = whereabouts.keeping(data)
    own = {
        variable.removeprefix("HUB_").lower(): value
        for variable, value in keys.kept_in(Path(here.folder)).items()
    }
    return Settings(**own, database_url=here.database_url, public_url=here.url)  # pyright: ignore[reportArgumentType]
