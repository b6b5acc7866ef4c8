"""HTTP in and out of the directory, a file per noun."""

from services.directory.api import about, feeds, organizations, places, services, taxonomies

routers = (
    about.router,
    services.router,
    taxonomies.router,
    organizations.router,
    places.router,
    feeds.router,
)
