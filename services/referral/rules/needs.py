"""The needs that referrals name, in the directory's words (`needs.json`), so that both count together.

What a referral says in other words counts as `other`: a count holds no sentence anybody wrote.
"""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("needs.json")


@cache
def sayings() -> dict[str, str]:
    """How people put a need (small letters, digits and single spaces), and what the directory calls it."""
    said: dict[str, list[str]] = json.loads(FILE.read_text("utf-8"))
    return {saying: need for need, all_of_it in said.items() for saying in all_of_it}
