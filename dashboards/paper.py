"""The board report as a PDF: the very page, printed by Chromium from a file, with no script and no network.

Why Chromium and not WeasyPrint, the best kept library for this: the page is already laid out, looked at and tested in
Chromium (grid, custom properties, `print-color-adjust`), so the paper is the page; WeasyPrint lays out anew with an
engine of its own, lacks some of these properties, and brings Pango and a dozen packages for one address. Chromium
costs a process of one to two seconds, so one runs at a time and its bytes are kept by release and body. Where it is
absent the page says how to print from the browser, which gives the same sheet.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from html import escape
from pathlib import Path
from threading import Lock

from flask import Response

from dashboards import routes
from dashboards.address import Refused
from dashboards.cache import Answer, ByteCache, logs
from dashboards.components.block import View
from dashboards.components.markup import render
from dashboards.data import Book
from dashboards.library import Library

ENDING = "/report.pdf"
KEPT = 32 * 1024 * 1024
SECONDS = 30.0
NAMES = ("chromium", "chromium-browser")
STYLE = Path(__file__).parent / "assets" / "evenhand.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
BY_HAND = "Open the report and print it from the browser (Ctrl+P, or Command+P on a Mac): it fills one A4 sheet."
DATES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
PARTS = re.compile(rb"\(node(\d{8})\)")
LINK = re.compile(r' href="[^"]*"')


class Press:
    """Makes the PDF of a body's report, one at a time; a reader who comes meanwhile is asked to come back."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._kept = ByteCache(KEPT)
        self._one = Lock()

    def answer(self, target: str) -> Response | None:
        """The PDF that an address names; None where it names none. Raises Refused with what to do instead."""
        path, _, query = target.partition("?")
        if not path.endswith(ENDING):
            return None
        if query:
            raise Refused(400, "The PDF of a report takes no settings.")
        page = path.removesuffix(".pdf")
        found = routes.view(self.library, page)
        if found.status != 200:
            return None
        book, address = routes.opened(self.library, page)
        if address.parts[0] != "body":
            return None
        headers = {"Content-Disposition": f'inline; filename="{address.stem("pdf")}.pdf"'}
        return Response(self.made(book, address.parts[1], found), content_type="application/pdf", headers=headers)

    def made(self, book: Book, body: str, view: View) -> bytes:
        """The bytes, kept by release, body and state of the logs. Raises Refused where Chromium cannot make them."""
        key = (book.pack, book.id, body, logs(self.library.home))
        held = self._kept.get(key)
        if held is not None:
            return held.body
        chromium = next((found for name in NAMES if (found := shutil.which(name))), None)
        if chromium is None:
            raise Refused(501, f"This server has no Chromium to make a PDF with. {BY_HAND}")
        if not self._one.acquire(blocking=False):
            raise Refused(429, "Another report is being printed; load this page again in a few seconds.")
        try:
            content = printed(chromium, sheet(view), book.date)
        finally:
            self._one.release()
        if not content.startswith(b"%PDF"):
            raise Refused(501, f"The PDF could not be made. {BY_HAND}")
        self._kept.put(key, Answer(content, 200, ()))
        return content


def sheet(view: View) -> str:
    """The page as one file: its content without links, the stylesheet inside, a policy that lets nothing in or out."""
    style = STYLE.read_text(encoding="utf-8")
    content = LINK.sub("", render(view.content))
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{escape(view.title)}</title>'
        f'<style>{style}</style></head><body><main id="main"><div id="painted">{content}</div></main></body></html>'
    )


def printed(chromium: str, page: str, date: str) -> bytes:
    """The PDF of a page, dated as its release; empty bytes where Chromium gave none within its time."""
    with tempfile.TemporaryDirectory(prefix="evenhand-print-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(page, encoding="utf-8")
        # Root has no sandbox in Chromium; the page is our own escaped text, without script or network.
        flags = (*FLAGS, "--no-sandbox") if os.geteuid() == 0 else FLAGS
        command = [chromium, *flags, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        run(command, Path(folder))
        content = target.read_bytes() if target.is_file() else b""
    day = f"{date.replace('-', '')[:8]:0<8}000000".encode()
    return numbered_anew(DATES.sub(lambda found: found[1] + day, content))


def numbered_anew(content: bytes) -> bytes:
    """The document with its parts numbered from 1: Chromium counts from wherever it happens to stand, now and then."""
    places = {old: b"%08d" % place for place, old in enumerate(sorted(set(PARTS.findall(content))), start=1)}
    return PARTS.sub(lambda found: b"(node" + places[found[1]] + b")", content)


def run(command: list[str], folder: Path) -> None:
    """Run a program in a folder of its own, with all that it starts, for at most SECONDS."""
    environment = {"HOME": str(folder), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
