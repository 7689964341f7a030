"""`evenhand doctor`: what an operator would look at first, each in one line with the way out."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import EvenhandError
from pipelines.landing.editions import read_root
from pipelines.packs.load import load_pack, shipped_packs
from pipelines.releases.read import packs
from pipelines.releases.store import Store
from pipelines.releases.verify import require_sound
from pipelines.walk.inputs import STARTER
from pipelines.walk.provenance import LOCK

FREE_BYTES = 2 * 2**30  # a run of both packs needs about half a gigabyte
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


class Finding(NamedTuple):
    """One thing looked at: sound or not, and in words what was found or what to do."""

    subject: str
    sound: bool
    words: str


def examine(home: Path) -> Iterator[Finding]:
    """Look at the interpreter, the packages, the figures, the packs, the home and its releases, in this order."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed")
    yield packages()
    yield looked("figures", lambda: f"{len(read_root(STARTER))} editions under data/raw, every hash as stated")
    for name in shipped_packs():
        yield looked(f"pack {name}", partial(pack_in_words, name))
    yield room(home)
    for name in packs(home):
        yield looked(f"release {name}", partial(current_release, home, name))


def packages() -> Finding:
    """Whether what is installed is what the lock names."""
    if not LOCK.exists():
        return Finding("packages", False, "requirements.lock is not there; check the project out again")
    installed = {normal(dist.metadata["Name"]): dist.version for dist in metadata.distributions()}
    pins = PINNED.findall(LOCK.read_text(encoding="utf-8"))
    other = [
        f"{name} {installed.get(normal(name), 'absent')} instead of {version}"
        for name, version in pins
        if installed.get(normal(name)) != version
    ]
    if other:
        return Finding(
            "packages", False, f"{other[0]} ({len(other)} differ from the lock); remove .venv, run make setup"
        )
    return Finding("packages", True, f"{len(pins)} as the lock names them")


def normal(name: str) -> str:
    """A package's name as the index compares it: case, dots, hyphens and underscores do not count."""
    return re.sub(r"[-_.]+", "-", name).lower()


def room(home: Path) -> Finding:
    """Whether the home, or the folder it would be made in, can be written to and has room."""
    place = next(folder for folder in (home.resolve(), *home.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    sound = place.is_dir() and free >= FREE_BYTES
    return Finding("home", sound, f"{free / 2**30:.1f} GB free; {FREE_BYTES / 2**30:.0f} GB are wanted")


def pack_in_words(name: str) -> str:
    """A shipped pack that holds together; raises BadInput when it does not."""
    return f"{len(load_pack(name).indicators)} indicators, no fault"


def current_release(home: Path, pack: str) -> str:
    """The current release in words; raises Blocked when it does not verify."""
    store = Store(home)
    name = store.current(pack)
    if name is None:
        return "none published yet; `evenhand run`"
    require_sound(store.place(pack, name))
    return f"{name} verifies"


def looked(subject: str, look: Callable[[], str]) -> Finding:
    """A finding from a look that may meet a fault a user can mend."""
    try:
        return Finding(subject, True, look())
    except EvenhandError as fault:
        return Finding(subject, False, str(fault))
