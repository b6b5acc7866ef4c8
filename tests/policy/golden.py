"""Policies printed as files a non-engineer can read. A difference is a decision, to be reviewed as one."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def compare(name: str, printed: str) -> None:
    """Hold what was printed against the file in the repository; HUB_PRINT_POLICY=1 writes it anew."""
    place = FOLDER / name
    if os.environ.get("HUB_PRINT_POLICY"):
        place.write_text(printed)
    assert place.exists(), f"{name} is not there: run with HUB_PRINT_POLICY=1 and review what it says"
    assert printed == place.read_text(), f"{name} says otherwise: review, then run with HUB_PRINT_POLICY=1"
