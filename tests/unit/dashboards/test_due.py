"""The next moment of a daily schedule after a run; nothing of what cannot be told."""

from __future__ import annotations

import pytest

from dashboards.due import next_due

LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-11-22T04:59:00+00:00", "2026-11-22T05:00:00+00:00"),
        ("2026-11-22T05:00:00+00:00", "2026-11-23T05:00:00+00:00"),  # at the moment itself, the next one
        ("2026-07-01T05:00:00+00:00", "2026-07-02T04:00:00+00:00"),  # 06:00 in summer time; 05:00 there is 04:00 UTC
        ("2026-10-24T12:00:00+00:00", "2026-10-25T05:00:00+00:00"),  # the clocks go back in that night
    ],
)
def test_a_daily_schedule_counts_from_the_runs_end_in_its_own_zone(ended: str, due: str) -> None:
    assert next_due(ended, "0 5 * * *", LONDON) == due


@pytest.mark.parametrize(
    ("ended", "cron", "zone"),
    [
        ("2026-11-22T05:00:00+00:00", "0 5 * * 1", LONDON),
        ("2026-11-22T05:00:00+00:00", "0 99 * * *", LONDON),
        ("2026-11-22T05:00:00+00:00", "0 5 * * *", "Nowhere/Land"),
        ("2026-11-22T05:00:00+00:00", "0 5 * * *", "../../etc/passwd"),
        ("2026-11-22T05:00:00", "0 5 * * *", LONDON),
        ("yesterday", "0 5 * * *", LONDON),
        ("9999-12-31T23:00:00+00:00", "0 5 * * *", LONDON),
    ],
)
def test_what_cannot_be_told_is_empty(ended: str, cron: str, zone: str) -> None:
    assert next_due(ended, cron, zone) == ""
