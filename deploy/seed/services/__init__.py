"""Fills a directory with plainly synthetic services of realistic shape, all over the United Kingdom.

`filling` runs every statement, batch by batch > `records` | `details` say what there is, as SQL over sets >
`places` where it is, `kinds` what it is made of.
"""

from deploy.seed.services.filling import MOST_SERVICES, SeededServices, services_seeded

__all__ = ["MOST_SERVICES", "SeededServices", "services_seeded"]
