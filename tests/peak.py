"""How much memory a program took at most: what getrusage tells on Linux includes the process that started it."""

from __future__ import annotations

import re
import resource
from pathlib import Path


def megabytes() -> int:
    """Of this process until now."""
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return (int(own[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
