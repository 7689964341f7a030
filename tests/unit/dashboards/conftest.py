"""The small invented release of tests/releases.py, published once, opened as pages open it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.app import create_app
from dashboards.data import Book
from dashboards.library import Library
from tests.releases import PACK, make_release


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    make_release(folder)
    return folder


@pytest.fixture(scope="session")
def library(home: Path) -> Library:
    return Library(home)


@pytest.fixture(scope="session")
def book(library: Library) -> Book:
    return library.book(PACK)


@pytest.fixture(scope="session")
def client(home: Path) -> Any:
    return create_app(home).server.test_client()


@pytest.fixture
def address(book: Book) -> Address:
    return Address(PACK, "", (), {}, book.id[:12])
