"""HTTP in and out of the directory, a file per noun."""

from services.directory.api import (
    about,
    corrections,
    duplicates,
    edits,
    feeds,
    freshness,
    locations,
    matching,
    organizations,
    places,
    services,
    suggestions,
    taxonomies,
    unmet,
)

routers = (
    about.router,
    services.router,
    taxonomies.router,
    organizations.router,
    places.router,
    suggestions.router,
    feeds.router,
    duplicates.router,
    freshness.router,
    corrections.router,
    edits.router,
    locations.router,
    matching.router,
    unmet.router,
)
