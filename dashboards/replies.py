"""What bodies said of their figures: read from the packs' logs, again only where a log looks different from outside."""

from __future__ import annotations

from pathlib import Path

from dashboards.cache import logs
from pipelines.releases.read import Replies, replies

__all__ = ["Desk", "Replies"]


class Desk:
    """Replies of each pack. A new line shows at the next request, in every worker: each looks at the logs itself."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._held: tuple[tuple[object, ...], dict[str, Replies]] = ((None,), {})

    def of(self, pack: str) -> Replies:
        """The replies of a pack as they stand."""
        found = logs(self.home)
        if self._held[0] != found:
            self._held = (found, {})
        held = self._held[1]
        if pack not in held:
            held[pack] = replies(self.home, pack)
        return held[pack]
