"""Every link and every claim on the pages of some bodies of a served release answers 200.

python -m perf.links http://127.0.0.1:8050 english-councils E08000024 E06000052 E10000016
"""

from __future__ import annotations

import sys
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.links import dead

TABS = ("", "/chain", "/peers", "/potential", "/targets", "/settlement", "/report", "/try")
SECTOR = ("", "/bodies", "/services", "/quality", "/settlements", "/methods", "/dictionary", "/releases", "/operate")


def main(base: str, pack: str, *bodies: str) -> int:
    """Print every dead link; 1 where there is one."""
    followed: list[str] = []

    def see(target: str) -> tuple[int, str]:
        followed.append(target)
        try:
            with urlopen(base + target, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, ""

    prefix = f"/{pack}"
    starts = [f"{prefix}{page}" for page in SECTOR] + [f"{prefix}/body/{body}{tab}" for body in bodies for tab in TABS]
    kinds = f'href="({prefix}/body/(?:{"|".join(bodies)})/(?:service|chain)/[^"#?]*)"'
    starts += sorted({link for start in starts for link in _found(kinds, see(start)[1])})
    broken = dead(see, starts, prefix)
    print(*broken, sep="\n")
    print(f"{len(starts)} pages, {len(set(followed))} addresses, {len(broken)} dead")
    return 1 if broken else 0


def _found(pattern: str, page: str) -> list[str]:
    import re

    return re.findall(pattern, page)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
