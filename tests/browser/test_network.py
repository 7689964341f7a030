"""Little is sent."""

from __future__ import annotations

from tests.browser.conftest import Tab


def test_the_first_visit_is_at_most_18_requests_and_750_kilobytes(tab: Tab) -> None:
    sizes: list[int] = []
    tab.page.on("requestfinished", lambda asked: sizes.append(asked.sizes()["responseBodySize"]))
    tab.open("/body/T01")
    tab.page.wait_for_timeout(300)
    assert len(sizes) <= 18
    assert sum(sizes) <= 750_000


def test_going_on_sends_one_small_answer(tab: Tab) -> None:
    tab.open("")
    tab.page.wait_for_timeout(300)
    before = len(tab.asked)
    tab.page.click("nav.main >> text=Services")
    tab.page.wait_for_function("() => document.querySelector('#page h1').textContent === 'Services'")
    asked = [url.split("?")[0].removeprefix(tab.home) for url in tab.asked[before:]]
    assert asked == ["/_dash-update-component"]
