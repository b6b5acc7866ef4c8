"""Fills a hub with plainly synthetic families of realistic shape: always the same ones for the same number.

`command` is `hub seed` > `filling` runs every statement, batch by batch > `families` | `people` |
`concerns` | `referrals` | `sharing` | `support` | `trace` say what there is, as SQL over sets > `agencies`,
`places`, `words` what it is made of > `chance` luck without a memory.
"""

from deploy.seed.filling import MOST_FAMILIES, MOST_SEEDS, CannotSeed, Seeded, seed, seeded

__all__ = ["MOST_FAMILIES", "MOST_SEEDS", "CannotSeed", "Seeded", "seed", "seeded"]
