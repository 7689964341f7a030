"""The application: one Flask server, one router, two callbacks; state lives in the address.

`create_app(home)` serves the releases under `home`. A new release appears without a restart: pointers are read at each
request, and every cached answer is keyed by them.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.exceptions import PreventUpdate
from flask import Flask, Response, g, request

from dashboards import files, routes
from dashboards.address import Address, Refused
from dashboards.api.answers import BASE
from dashboards.api.service import blueprint, nowhere
from dashboards.cache import Answer, ByteCache, shelf
from dashboards.components.block import View
from dashboards.components.frame import EARLY, document
from dashboards.components.markup import attrs, light
from dashboards.data import Book
from dashboards.downloads import download
from dashboards.guard import CALLBACK, guard, guard_hosts
from dashboards.library import Library
from dashboards.pace import believe_proxies, keep_pace
from dashboards.pages import claim, errors
from dashboards.paper import Press
from dashboards.runs import state

UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>')
"""Dash's own data table, which no page uses: one request and 9 kB less on a first visit."""
CHANCE = re.compile('"end_id":"[^"]*"')
"""A name that Dash draws for every page it makes: without it the same address gives the same bytes in every worker."""
ICON = "data:image/svg+xml," + quote((files.ASSETS / "evenhand.svg").read_text(encoding="utf-8").strip())
"""Inside the page: Chromium asks for an icon's address again at every step of the history."""
CHARTS = "vendor/plotly-basic.min.js"
PAGES = ("", "/", "/<path:path>")
"""Rules under which a page is asked for; every other rule is that of one of Dash's own addresses, a file or the API."""
LARGEST_BODY = 64 * 1024
NAMES_ITS_HOST = "/dataset.jsonld"
"""The one answer that depends on the Host header. It is never kept: a stranger's host must not reach other readers."""
TELL_BY_RUNS = (b"/operate", b"/dispute")
LOG = logging.getLogger(__name__)


class Evenhand(Dash):
    """Dash with our own index page, as its documentation provides: `interpolate_index` is the hook for it."""

    library: Library

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The whole page, with the view already painted into it."""
        found: View = g.view
        named = {
            **parts,
            "scripts": UNUSED.sub("", parts["scripts"]),
            "config": CHANCE.sub('"end_id":""', parts["config"]),
            "style": files.address("evenhand.css"),
            "icon": ICON,
            "charts": files.address(CHARTS) if (files.ASSETS / CHARTS).is_file() else "",
        }
        book, address = framed(self.library, g.target)
        theme = request.args.get("theme", "")
        return document(found, self.library, book, address, named, theme if theme in ("light", "dark") else "")


def framed(library: Library, target: str) -> tuple[Book | None, Address | None]:
    """Release and address for the frame; those of the first page where the target names none."""
    for attempt in (target, "/"):
        try:
            return routes.opened(library, attempt)
        except Refused:
            continue
    return None, None


def create_app(home: Path, proxies: int = 0) -> Dash:
    """The dashboard over the releases under `home`. Reads only; writes nothing anywhere.

    proxies : how many reverse proxies stand in front, whose word on a reader's address is taken.
    """
    server = Flask("dashboards")
    server.config["COMPRESS_ALGORITHM_STREAMING"] = ["br", "gzip", "deflate"]
    server.config["COMPRESS_ALGORITHM"] = ["br", "gzip", "deflate"]
    server.config["COMPRESS_BR_LEVEL"] = 5
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    library, cache = Library(home), ByteCache()
    guard_hosts(server)
    believe_proxies(server, proxies)
    keep_answers(server, library, cache)
    keep_pace(server)
    app = Evenhand(
        "dashboards",
        server=server,  # type: ignore[arg-type]  # Dash's own annotation forgets the server it documents
        assets_folder=str(files.ASSETS),
        assets_ignore=r"^(?!evenhand\.js$)",  # the page names the stylesheet, and other scripts are fetched when needed
        compress=True,
        serve_locally=True,
        suppress_callback_exceptions=True,
        update_title="",
        title="Evenhand",
    )
    app.library = library
    server.register_blueprint(blueprint(library))
    app.layout = shell()
    register(app, library)
    guard(server, app)
    answer_pages(server, app, library)
    answer_monitors(server, library, cache)
    secure(server, app)
    return app


def shell() -> html.Div:
    """What the browser holds: the address, what it names, the page and the drawer."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="page-key"),
            dcc.Store(id="claim-key"),
            html.Div(id="page"),
            html.Div(id="drawer"),
        ]
    )


def register(app: Any, library: Library) -> None:
    """Two server callbacks, page and drawer, behind one that splits the address in the browser."""
    app.clientside_callback(
        ClientsideFunction("evenhand", "split"),
        Output("page-key", "data"),
        Output("claim-key", "data"),
        Input("address", "pathname"),
        Input("address", "search"),
    )

    def page(target: str | None) -> Any:
        return light(routes.view(library, checked(target)).content)

    def drawer(target: list[str] | None) -> Any:
        if not target or len(target) != 2 or not target[1]:
            return []
        return light(opened_claim(library, checked(target[0]), str(target[1])[:200]))

    app.callback(Output("page", "children"), Input("page-key", "data"))(page)
    app.callback(Output("drawer", "children"), Input("claim-key", "data"), prevent_initial_call=True)(drawer)


def checked(target: object) -> str:
    """A target sent by a browser. Raises PreventUpdate on anything but text."""
    if not isinstance(target, str):
        raise PreventUpdate
    return target


def opened_claim(library: Library, target: str, reference: str) -> Any:
    """The drawer for a claim; a dialog that says what is wrong where there is no such figure."""
    try:
        book, address = routes.opened(library, target)
        return claim.drawer(book, address, reference)
    except Refused as refused:
        close = html.Form(html.Button("Close", type="submit", className="close"), method="dialog")
        return html.Dialog(
            [html.H2("No such figure", id="claim-title"), html.P(refused.sentence), close],
            id="claim",
            **attrs(aria_labelledby="claim-title"),
        )


def answer_pages(server: Flask, app: Any, library: Library) -> None:
    """Pages, files made from them and redirections for every address that is not Dash's own."""
    press = Press(library)

    @server.before_request
    def respond() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        if request.path.startswith(files.FOLDER):
            return files.answer(request.path.removeprefix(files.FOLDER))
        if (request.url_rule.rule if request.url_rule else "") not in PAGES:
            return None
        if f"{request.path}/".startswith(f"{BASE}/"):  # an address of the interface that none of its rules takes
            return nowhere()
        target = asked()
        found = routes.view(library, target)
        if found.leads_to:
            return Response(status=302, headers={"Location": found.leads_to})
        try:
            file = press.answer(target) or download(library, target, found)
        except Refused as refused:
            file, found = None, errors.page(refused.status, refused.sentence, "/")
        if file is not None:
            return file
        g.view, g.target = found, target
        return Response(app.index(), status=found.status, content_type="text/html; charset=utf-8")


def answer_monitors(server: Flask, library: Library, cache: ByteCache) -> None:
    """`/healthz`: the releases served, and how often this worker found its answer ready-made."""

    @server.get("/healthz")
    def healthz() -> dict[str, Any]:
        kept = {"hits": cache.hits, "misses": cache.misses, "bytes": cache.size}
        status = "ok" if library.packs() else "nothing published"
        return {"status": status, "releases": dict(library.current()), "worker": os.getpid(), "answers": kept}


def asked() -> str:
    """The path and query as the reader sent them."""
    query = request.query_string.decode("latin-1")
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "")
    path = raw.split("?")[0] if raw.startswith("/") and unquote(raw.split("?")[0]) == request.path else request.path
    return f"{path}?{query}" if query else path


def keep_answers(server: Flask, library: Library, cache: ByteCache) -> None:
    """Serve and keep finished bytes. Registered before compression, so that it keeps what was sent."""

    @server.before_request
    def recall() -> Response | None:
        g.key = key_of(library)
        answer = cache.get(g.key) if g.key else None
        return Response(answer.body, answer.status, list(answer.headers)) if answer else None

    @server.after_request
    def unless_known(response: Response) -> Response:
        """304 where the reader already holds these very bytes."""
        if request.method in ("GET", "HEAD"):
            response.make_conditional(request)
        return response

    @server.after_request
    def remember(response: Response) -> Response:
        wanted = getattr(g, "key", None) and response.status_code in (200, 302, 400, 404) and not response.is_streamed
        if wanted and request.method != "HEAD" and not response.direct_passthrough and g.key not in cache:
            if response.status_code == 200:
                response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
            headers = tuple((k, v) for k, v in response.headers.items() if k != "Set-Cookie")
            cache.put(g.key, Answer(response.get_data(), response.status_code, headers))
        return response


def key_of(library: Library) -> tuple[object, ...] | None:
    """What an answer depends on: every pointer and log, the address, the callback's body, the accepted coding.

    What bodies said of their figures stands in the logs of decisions. Pages that show runs, or tell by them which day
    it is, depend on the records of runs too.
    """
    if request.method not in ("GET", "POST") or request.path == "/healthz":
        return None
    if (request.content_length or 0) > LARGEST_BODY or len(request.query_string) > 4000:
        return None
    body = hashlib.sha256(request.get_data()).digest() if request.method == "POST" else b""
    if (request.method == "POST" and request.path != CALLBACK) or request.path.endswith(NAMES_ITS_HOST):
        return None
    accepted = request.headers.get("Accept-Encoding", "")
    coding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
    target = CALLBACK if request.method == "POST" else asked()
    wanted = request.get_data() or target.encode()
    ran = state(library.home) if any(page in wanted for page in TELL_BY_RUNS) else ()
    return (shelf(library.home), request.method, target, body, coding, ran)


def secure(server: Flask, app: Dash) -> None:
    """Headers of every answer: no outside host, no sniffing, no referrer, a year for fingerprinted files."""
    early = base64.b64encode(hashlib.sha256(EARLY.encode()).digest()).decode()
    hashes = " ".join([*app.csp_hashes(), f"'sha256-{early}'"])
    policy = (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )

    @server.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.path.startswith(files.FOLDER) and request.args.get("m"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif not request.path.startswith((files.FOLDER, "/_dash-component-suites/")):
            response.headers["Cache-Control"] = "no-cache"
        return response
