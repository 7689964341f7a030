"""The interface over HTTP: addresses, limits and errors as one clear sentence. No answer depends on who asks."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, send_file

from dashboards.address import Refused, parse_query
from dashboards.api import answers, metadata, openapi
from dashboards.api.answers import BASE, NotFound, Unreadable
from dashboards.library import Library

ANY = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LONGEST = 2000
"""Letters of an address, path and query together."""


def blueprint(library: Library) -> Blueprint:
    """Every address of the interface, over the releases of a library."""
    api = Blueprint("api", __name__, url_prefix=BASE)

    def serve(rule: str, make: Callable[..., Any]) -> None:
        def view(**parts: str) -> Response:
            return answered(lambda: make(**parts))

        api.add_url_rule(rule, rule.replace(".", "_"), view)

    one = "/packs/<pack>/releases/<release>"
    serve("/openapi.json", lambda: settled(openapi.document(library)))
    serve("/packs", lambda: settled(answers.packs(library)))
    serve("/packs/<pack>/releases", lambda pack: settled(answers.releases(library, pack)))
    serve(one, lambda pack, release: settled(answers.release(library, pack, release)))
    serve(f"{one}/tables/<table>", lambda pack, release, table: answers.table(library, pack, release, table, query()))
    serve(
        f"{one}/claims/<kind>/<body>/<figure>/<period>",
        lambda pack, release, **key: answers.claim(library, pack, release, tuple(key.values()), query()),
    )
    serve(f"{one}/files/<path:path>", lambda pack, release, path: file(library, pack, release, path))
    serve(f"{one}/datapackage.json", lambda **key: settled(answers.opened(library, *key.values()).release.meta))
    serve(f"{one}/csvw.json", lambda **key: settled(metadata.csvw(answers.opened(library, *key.values()))))
    serve(
        f"{one}/dataset.jsonld",
        lambda **key: settled(metadata.dataset(answers.opened(library, *key.values()), request.host_url.rstrip("/"))),
    )
    serve("/packs/<pack>/disputes", lambda pack: answers.disputes(library, pack, query()))
    serve("/packs/<pack>/disputes/<name>", lambda pack, name: settled(answers.dispute(library, pack, name)))
    api.add_url_rule("/", "root", nowhere, methods=ANY, strict_slashes=False)
    api.add_url_rule("/<path:rest>", "rest", nowhere, methods=ANY)
    return api


def nowhere(rest: str = "") -> Response:
    """What every other address of the interface answers."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return problem(405, "This interface is read-only: only GET is answered.")
    return problem(404, f"There is nothing at this address; {BASE}/openapi.json lists every one.")


def answered(make: Callable[[], Any]) -> Response:
    """What `make` gives as JSON; its refusals as one sentence with the right status."""
    if len(request.full_path) > LONGEST:
        return problem(414, "This address is longer than any that the interface has.")
    try:
        found = make()
    except NotFound as error:
        return problem(404, str(error))
    except Unreadable as error:
        return problem(400, str(error))
    except Refused as error:
        return problem(error.status, error.sentence)
    return found if isinstance(found, Response) else written(found, 200)


def query() -> dict[str, str]:
    """Parameters by name; refused where one stands twice, is too long or holds control characters."""
    return parse_query(request.query_string.decode("latin-1"))


def settled(found: Any) -> Any:
    """An answer that takes no parameter. Raises Unreadable where one is given."""
    if query():
        raise Unreadable("This address takes no settings.")
    return found


def file(library: Library, pack: str, release: str, path: str) -> Response:
    """A file of a release, byte for byte, if its description lists it."""
    book = answers.opened(library, pack, release)
    hashes = {str(entry["path"]): str(entry["hash"]) for entry in book.release.meta["resources"]}
    if settled(path) not in hashes:
        raise NotFound("This release lists no such file.")
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    etag = hashes[path].removeprefix("sha256:")
    return send_file((book.release.path / path).resolve(), kind, as_attachment=True, etag=etag, last_modified=0)


def problem(status: int, sentence: str) -> Response:
    """An error as JSON with one sentence."""
    return written({"error": sentence}, status)


def written(content: Any, status: int) -> Response:
    """JSON in UTF-8, keys as given."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text, status, content_type="application/json; charset=utf-8")
