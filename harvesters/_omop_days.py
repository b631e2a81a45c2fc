"""Reads dates as OMOP databases hold them; SQLite has no dates, so there they are texts or numbers."""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
MOST_DAYS = 100_000
"""Numbers nearer to zero count days from the epoch (as R writes dates: 1696 to 2243), others seconds (as OHDSI's
DatabaseConnector does)."""
DIGITS = (1600_01_01, 2200_12_31)
"""Whole numbers in this range are YYYYMMDD."""
_DAY = 86_400


def day_of(value: object) -> date | None:
    """The day that a value of a column of dates means; None for what is no date."""
    if isinstance(value, date):
        return value
    if isinstance(value, int) and DIGITS[0] <= value <= DIGITS[1]:
        value = str(value)
    try:
        if isinstance(value, str):
            return date.fromisoformat(value.strip()[:10])
        if isinstance(value, (int, float)):
            return EPOCH + timedelta(days=value if abs(value) < MOST_DAYS else value // _DAY)
    except (ValueError, OverflowError):
        pass
    return None


def year_of(value: object) -> int | None:
    """The year of :func:`day_of`."""
    day = day_of(value)
    return day.year if day is not None else None
