"""What Dagster loads: everything that stands in `defs/`."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Every asset, check, job and schedule of every shipped pack."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
