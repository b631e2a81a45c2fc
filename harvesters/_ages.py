"""Reads DICOM age strings (VR AS, PS3.5 section 6.2)."""

from __future__ import annotations

import re

MOST_YEARS = 120
"""Older than any person; such values are placeholders."""
_AGE = re.compile(r"(\d{3})([DWMY])")
_DAYS = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}


def years(value: str) -> int | None:
    """Whole years of an age such as "063Y" or "009M".

    None for anything that is no DICOM age, for zero (what de-identification leaves) and for more than
    :data:`MOST_YEARS`.
    """
    match = _AGE.fullmatch(value.strip())
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    age = number if unit == "Y" else int(number * _DAYS[unit] / _DAYS["Y"] + 1e-9)
    return age if number and age <= MOST_YEARS else None
