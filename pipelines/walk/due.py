"""When a pack is run unless somebody runs it before: stated once, for the scheduler and for the run record."""

from __future__ import annotations

CRON = "0 5 * * *"
"""Minute, hour, and every day."""
ZONE = "Europe/London"
