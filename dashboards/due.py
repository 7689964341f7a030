"""When a run is due next, from what its record says of the schedule. No clock: the answer counts from the last run."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAILY = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* \*")
"""A cron line that names a minute and an hour of every day; of any other, no next moment is worked out."""


def next_due(ended: str, cron: str, zone: str) -> str:
    """The first moment of a daily schedule after a run's end, in UTC (ISO); empty where it cannot be told."""
    found = DAILY.fullmatch(cron)
    try:
        last, place = datetime.fromisoformat(ended), ZoneInfo(zone)
        if found is None or last.tzinfo is None:
            return ""
        local = last.astimezone(place)
        due = local.replace(hour=int(found[2]), minute=int(found[1]), second=0, microsecond=0)
        later = due if due > local else due + timedelta(days=1)
        return later.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OSError, KeyError, OverflowError):  # a record is not trusted: no such moment, hour or zone
        return ""
