"""What the figures were measured on. Without it they mean nothing; with it, little elsewhere."""

import os
import platform
from pathlib import Path
from typing import Any


def described(postgresql: str) -> dict[str, Any]:
    """This machine, for a person who compares figures."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": _processor(),
        "memory_gib": _memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": postgresql,
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if not facts.exists():
        return platform.processor()
    names = (
        line.partition(":")[2].strip() for line in facts.read_text().splitlines() if "model name" in line
    )
    return next(names, platform.machine())


def _memory() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
