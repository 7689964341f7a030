"""Explain whether a target is fair, and how many a body carries: six tests, and the budget of targets (F15, F16)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.errors import BadInput
from pipelines.methods.fairness import HISTORY, NOISE, TESTS, noise_ratios
from pipelines.releases.cards import note
from pipelines.releases.claim import Claim, InputRow, Step, plain
from pipelines.releases.explain import checks_of, editions_of, explain
from pipelines.releases.explain_target import explain_target, path_end, policy_caveats, target_of
from pipelines.releases.figures import same
from pipelines.releases.lookup import Row, find_body, nearest, one, rows

if TYPE_CHECKING:
    from pipelines.releases.read import Release

Z95 = 1.959963984540054
TITLES = {
    "attainability": "Do peers hold it?",
    "context": "Is it the context?",
    "noise": "Is the step larger than year-to-year noise?",
    "history": "Did others manage it?",
    "burden": "Who carries it?",
    "consistency": "Is it the same for all?",
}


def explain_tests(release: Release, body_id: str, indicator_id: str, period: str | None, policy: str) -> Claim:
    """The claim behind the fairness of a target: the target itself, then its six tests.

    Raises BadInput as `explain_target`, and where there is no target to test.
    """
    body, row = target_of(release, body_id, indicator_id, policy)
    told = explain_target(release, body["body_id"], indicator_id, period, row["policy_id"])
    key = {"policy_id": row["policy_id"], "body_id": body["body_id"], "indicator_id": indicator_id}
    tests = {test["test"]: test for test in rows(release, "target_tests", **key)}
    if not tests:
        raise BadInput(f"{body['name']} has no target for {indicator_id!r} that could be tested: {row['reason']}")
    first = tests[TESTS[0]]
    return replace(
        told,
        kind="target_tests",
        sentence=f"{told.label}, {told.body_name}: {verdicts(tests)}",
        value=None,
        steps=(*told.steps, *(test_step(release, tests[name], row) for name in TESTS if name in tests)),
        checks=checks_of(release, ("target_tests", *(check.table for check in told.checks))),
        methods=(*told.methods, note(first["method_id"], first["method_version"], first["params_hash"], first["seed"])),
    )


def verdicts(tests: dict[str, Row]) -> str:
    """Which tests the target fails, or that it fails none."""
    failed = [
        f"{name} ({tests[name]['reason']})" for name in TESTS if name in tests and tests[name]["result"] == "fail"
    ]
    cautions = sum(test["result"] == "caution" for test in tests.values())
    more = f"; {cautions} call for caution" if cautions else ""
    if failed:
        return f"the target fails {'; '.join(failed)}{more}."
    return f"the target fails none of its fairness tests{more}."


def test_step(release: Release, test: Row, row: Row) -> Step:
    """One test, recomputed where the release holds all of it."""
    words = f"{test['test']}: {test['result']}, because {test['reason']}"
    if test["statistic"] is None:
        return Step(TITLES[test["test"]], words)
    numbers, fits = plain(test["statistic"]), None
    if test["test"] == "noise":
        catch_up = path_end(release, row)["catch_up"]
        se = (row["start_hi"] - row["start_lo"]) / (2 * Z95)
        again = noise_ratios(abs(row["start"] - catch_up), se, 1)[0]
        verdict = "pass" if again >= NOISE[1] else "fail" if again < NOISE[0] else "caution"
        numbers = f"|{plain(row['start'])} - {plain(catch_up)}| / (1.414 x {plain(se)}) = {plain(again)}"
        fits = same(again, test["statistic"]) and verdict == test["result"]
    if test["test"] == "history":
        low, least, most = HISTORY
        c = test["statistic"]
        verdict = "fail" if c < low else "pass" if least <= c <= most else "caution"
        fits = same(c, row["challenge"]) and verdict == test["result"]
    return Step(TITLES[test["test"]], words, "", numbers, fits)


def explain_budget(release: Release, body_id: str, policy_id: str, period: str | None, policy: str) -> Claim:
    """The claim behind a body's budget of targets: how many it carries, of how many allowed, and how they go together.

    policy_id : the figure. Raises BadInput where the body carries no target of that policy.
    """
    body = find_body(release, body_id)
    row = one(release, "target_budgets", policy_id=policy_id, body_id=body["body_id"])
    if row is None:
        known = sorted({found["policy_id"] for found in rows(release, "target_budgets", body_id=body["body_id"])})
        raise BadInput(f"{body['name']} carries no target of policy {policy_id!r}{nearest(known, policy_id)}")
    asked = [
        found
        for found in rows(release, "targets", policy_id=policy_id, body_id=body["body_id"])
        if found["state"] in ("proposed", "issued")
    ]
    starts = [explain(release, body["body_id"], each["indicator_id"], each["base_period"]) for each in asked]
    inputs: tuple[InputRow, ...] = tuple(entry for start in starts for entry in start.inputs)
    return replace(
        starts[0],
        kind="target_budgets",
        figure=policy_id,
        label="Budget of targets",
        unit="of what is allowed",
        period=asked[0]["due_period"],
        model=policy_id,
        sentence=f"{body['name']} carries {row['active']} of at most {row['allowed']} targets{together(row)}.",
        value=row["load"],
        lo=None,
        hi=None,
        status="ok",
        caveats=policy_caveats(one(release, "policies", policy_id=policy_id) or {}),
        steps=budget_steps(row, starts),
        inputs=inputs,
        peers=(),
        checks=checks_of(release, ("targets", "target_budgets")),
        methods=(note(row["method_id"], row["method_version"], row["params_hash"], row["seed"]),),
        editions=editions_of(inputs, row["input_editions"]),
    )


def together(row: Row) -> str:
    """Whether the targets say the same twice or pull apart."""
    said = [
        "" if row["effective"] is None else f"they count as {row['effective']:.1f} independent ones",
        f"duplicates: {row['duplicates']}" if row["duplicates"] else "",
        f"conflicts: {row['conflicts']}" if row["conflicts"] else "",
        f"over the limit in {row['over']}" if row["over"] else "",
    ]
    words = "; ".join(word for word in said if word)
    return f"; {words}" if words else ""


def budget_steps(row: Row, starts: list[Claim]) -> tuple[Step, ...]:
    """Load and overlap."""
    load = row["active"] / row["allowed"]
    counted = same(load, row["load"]) and len(starts) == row["active"]
    numbers = f"{row['active']} / {row['allowed']} = {plain(load)}"
    which = Step("Targets", "; ".join(start.label for start in starts))
    full = Step("Load", "targets carried over targets allowed", "active / allowed", numbers, counted)
    if row["effective"] is None:
        return which, full, Step("Overlap", "history is too short to tell how the measures go together")
    words = "how many independent measures past changes amount to; 1 when all say the same"
    return which, full, Step("Overlap", words, "(sum l)^2 / sum l^2 of the correlations", plain(row["effective"]))
