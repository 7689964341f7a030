"""Serve the dashboard with granian: loopback unless told otherwise, workers that share nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

HOME = "EVENHAND_SERVED_HOME"
"""How the home reaches the workers, which start as processes of their own."""


def serve(home: Path, host: str = "127.0.0.1", port: int = 8050, workers: int = 1) -> None:
    """Serve the releases under `home` until stopped."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[HOME] = str(home.resolve())
    Server(
        "dashboards.serve:load",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        log_access=False,
    ).serve()


def load() -> Any:
    """The WSGI application of one worker."""
    from dashboards.app import create_app

    return create_app(Path(os.environ[HOME])).server
