"""A sector is described once, as data, and run safely: from the command line to the page (S1, P1, P3 and P4)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards import routes
from dashboards.components.markup import text
from pipelines.packs.load import load_pack
from tests.browser.conftest import Site, Tab, serving
from tests.browser.pages import of_pack, people
from tests.browser.test_journeys import column, follow, lede, table
from tests.runs import Outcome, Small, evenhand_here

PREFIX = "/libraries"
OTHERS = re.compile(r"\bcouncils?\b|\baccountable care\b|\bACOs?\b|\btonnes?\b|\bcourts?\b", re.IGNORECASE)
"""Words of sectors that are not this one."""
PROGRAMME = "accountable care"
"""Stands on the page of all methods, where one reproduces the rules of that programme and cites them."""
Run = Callable[..., Outcome]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`evenhand WORDS` in this process."""
    return lambda *words: evenhand_here(capsys, monkeypatch, *words)


@pytest.fixture
def site(small: Small) -> Iterator[Site]:
    """The scaffolded sector, served; a publication is seen at the next request."""
    with serving(small.home) as found:
        yield found


def opened(tab: Tab, site: Site, path: str = "") -> Any:
    """A page of the sector at hand."""
    return tab.visit(f"{site.address}{PREFIX}{path}")


def figures(small: Small, change: Callable[[str], str]) -> None:
    """Change the text of the sector's figure file."""
    file = small.pack / "data" / "figures.csv"
    before = file.read_text(encoding="utf-8")
    file.write_text(change(before), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != before


def outcome(ran: Outcome) -> dict[str, Any]:
    """What a run says of its one pack."""
    (found,) = json.loads(ran.out.splitlines()[-1])["packs"]
    return dict(found)


def test_s1_a_sector_described_once_as_data_has_pages_in_its_own_words(tab: Tab, command: Run, tmp_path: Path) -> None:
    folder, home = tmp_path / "libraries", tmp_path / "home"
    assert command("pack", "new", folder).code == 0
    assert "no fault found" in command("pack", "check", folder).out
    ran = command("run", "--pack", folder, "--home", home, "--json")
    assert (ran.code, outcome(ran)["outcome"]) == (0, "new")
    with serving(home) as site:
        page = opened(tab, site)
        assert "libraries cannot be told apart from their own peers" in lede(page)
        follow(tab, "Lending")
        assert "Spending per loan: " in lede(page)
        assert [each.inner_text() for each in page.locator("#control-measure option").all()] == [
            "Spending per loan",
            "Loans per member of staff",
            "Satisfied users",
        ]
        page.fill("#find", "library 2")
        page.press("#find", "Enter")
        page.wait_for_url("**/body/L0002")
        tab.settle()
        assert page.locator("#page h1").inner_text() == "Library 2"
        assert page.locator("#page .kicker").inner_text() == "Library · East"
        opened(tab, site, "/dictionary")
        said = page.locator("#page").text_content()
        assert "Users who are satisfied" in said and "Residents per square kilometre" in said
        assert_no_word_of_another_sector(site)


def assert_no_word_of_another_sector(site: Site) -> None:
    """Every page of the sector and of three of its bodies speaks of nothing else."""
    book = site.library.book("libraries")
    names = {"release": book.id[:12], **people(book)}
    pack_pages = [
        path for path in of_pack(load_pack("english_councils")) if "/service" not in path and "/chain/" not in path
    ]
    own = [path for path in pack_pages if not re.search(r"{claim_|{ended}|/settlements/", path)]
    for path in (*own, "/service/lending", "/body/{other}/service/lending"):
        view = routes.view(site.library, f"{PREFIX}{path.format_map(names)}")
        assert view.status == (404 if path == "/nope" else 200), path
        said = text(list(view.content)).replace(PROGRAMME, "")
        assert OTHERS.findall(said) == [], path


def test_p1_one_command_runs_it_and_the_page_of_the_operator_says_what_ran(
    tab: Tab, site: Site, small: Small, command: Run
) -> None:
    release = site.library.book("libraries").id
    again = command("run", "--pack", small.pack, "--raw", small.raw, "--home", small.home, "--json")
    assert (again.code, outcome(again)["outcome"], outcome(again)["release"]) == (0, "unchanged", release)
    page = opened(tab, site)
    follow(tab, "Operate", "nav.main")
    assert "Nothing is blocked" in lede(page)
    ran = table(page, "Last run of each sector")
    assert ran[1][0].splitlines() == ["libraries", "Lending libraries"]
    assert ran[1][1] == "Nothing to do: inputs and program as before"
    assert column(ran, "Release") == [release[:12]]
    assert re.fullmatch(r"\d.*s", ran[1][3])


def test_p3_what_is_served_is_whole_and_checked_and_one_pointer_takes_it_back(
    tab: Tab, site: Site, small: Small, command: Run
) -> None:
    page = opened(tab, site, "/body/L0001")
    first, seen = site.library.book("libraries").id, table(page, "Look here first")
    figures(small, lambda text: text.replace(",497.2,", ",994.4,"))  # spending of Library 1 in 2018-19, doubled
    assert command("run", "--pack", small.pack, "--home", small.home).code == 0
    second = site.library.book("libraries").id
    assert second != first
    opened(tab, site, "/body/L0001")
    assert second[:6] in page.locator(".strip-bar").inner_text()
    told = command("releases", "rollback", "libraries", "--by", "tests", "--note", "mistyped", "--home", small.home)
    assert (told.code, told.out.strip()) == (0, f"libraries: current release is now {first}")
    opened(tab, site, "/body/L0001")
    assert first[:6] in page.locator(".strip-bar").inner_text()
    assert table(page, "Look here first") == seen
    opened(tab, site, f"/{second[:12]}/body/L0001")
    assert "which is not the current one" in page.locator(".older").inner_text()
    opened(tab, site, "/operate")
    newest = table(page, "Who pointed where")[1]
    assert first[:12] in newest and any("mistyped" in cell for cell in newest)


def test_p3_a_run_that_a_check_blocks_leaves_the_page_as_it_was_and_says_what_to_type(
    tab: Tab, site: Site, small: Small, command: Run
) -> None:
    page = opened(tab, site, "/body/L0002")
    seen, pointer = page.locator("#page").inner_text(), small.home / "releases" / "libraries" / "CURRENT"
    release = pointer.read_text()
    figures(
        small, lambda text: re.sub(r"(?m)^(L\d+,[^,]+,[^,]+,)(?=\d)", r"\1-", text)
    )  # no library spends less than nothing
    blocked = command("run", "--pack", small.pack, "--home", small.home)
    assert (blocked.code, pointer.read_text()) == (3, release)
    opened(tab, site, "/body/L0002")
    assert page.locator("#page").inner_text() == seen
    opened(tab, site, "/operate")
    assert "libraries did not get through" in lede(page)
    halted = page.locator("#page section", has_text="Blocked or waiting").first.inner_text()
    assert "The release before stands as it was" in halted
    assert "evenhand run --pack" in halted
    assert blocked.err.removeprefix("evenhand: ").strip()[:60] in halted
    assert column(table(page, "Last run of each sector"), "Outcome") == ["Blocked by a check"]


def test_p4_a_measure_is_added_by_configuration_alone(tab: Tab, site: Site, small: Small, command: Run) -> None:
    file = small.pack / "indicators.yml"
    added = """
- id: loans_per_resident
  service: lending
  label: Loans per resident
  unit: loans per resident
  format: rate
  polarity: higher
  stage: output
  numerator: loans
  denominator: residents
  interval: history
"""
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    assert command("run", "--pack", small.pack, "--home", small.home).code == 0
    page = opened(tab, site, "/service/lending")
    page.select_option("#control-measure", label="Loans per resident")
    page.wait_for_url("**measure=loans_per_resident*")
    page.wait_for_function("() => document.querySelector('#lede').textContent.includes('Loans per resident')")
    assert "Loans per resident" in lede(page)
