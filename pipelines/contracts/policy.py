"""Tables of policy: targets and their tracking, settlements and schemes, and gaming screens, which are restricted."""

from __future__ import annotations

from pipelines.contracts.production import hundredths
from pipelines.contracts.shape import BODY, METHOD, PERIOD, STATUS, Column, Table, c

POLICY = c("policy_id", "Policy of the pack", required=True)
INDICATOR = c("indicator_id", "Indicator", required=True)
SCHEME = c("scheme_id", "Settlement scheme of the pack", required=True)

POLICIES = Table(
    "policies",
    "marts",
    "one row per policy and settlement scheme of the pack",
    ("policy_id",),
    (
        POLICY,
        c("kind", "targets or settlement", required=True),
        c("label", "Name in words", required=True),
        c("illustration", "Whether it is an illustration and binds nobody", "truth", "", True),
        c("issued", "Day on which it was issued (ISO); null while proposed"),
        c("owner", "Who answers for it", required=True),
        c("parameters", "Its parameters as JSON, sorted by name", required=True),
        c("source", "Law, determination or reason that its parameters rest on", required=True),
        c("note", "What a reader must know"),
    ),
)

TARGETS = Table(
    "targets",
    "marts",
    "one row per target policy, body and indicator",
    ("policy_id", "body_id", "indicator_id"),
    (
        POLICY,
        BODY,
        INDICATOR,
        c("base_period", "Period that it starts from", required=True),
        c("due_period", "Period in which it is due", required=True),
        c("state", "proposed, issued, closed (body ended or merged) or none", required=True),
        c("own", "The body's value in the base period", "real"),
        c("start", "The same with chance taken out: where the path starts", "real"),
        c("start_lo", "Lower end of its 95% interval", "real"),
        c("start_hi", "Upper end of its 95% interval", "real"),
        c("reference", "Level of the peers that the target aims at", "real"),
        c("basis", "How that level is chosen, such as top_quartile"),
        c("target", "Level asked for", "real"),
        c(
            "hold",
            "Whether the body is asked for no more than it already holds, so that holding it is success",
            "truth",
        ),
        c("success", "Level from which it counts as met; null in targets issued before this was recorded", "real"),
        c("peers_there", "Peers that hold the target or better, with quality kept", "whole", "bodies"),
        c("n_peers", "Peers with a sustained level", "whole", "bodies"),
        c("held_years", "Median number of years for which those peers have held it", "real", "years"),
        c("holders", "Those peers, joined by a space"),
        c("limited_by", "Rules that moved the target, in order, joined by a space"),
        c("challenge", "Share of past bodies starting here that achieved as much", "real", "fraction of 1"),
        c("challenge_label", "comfortable, appropriately challenging, stretching, not credible, or null"),
        c("counter_measures", "Indicators that must not worsen meanwhile, joined by a space"),
        STATUS,
        c("reason", "Why there is no target, or why it was closed; null otherwise"),
        *METHOD,
    ),
)

TARGET_PATHS = Table(
    "target_paths",
    "marts",
    "one row per target and period from its base to its due period",
    ("policy_id", "body_id", "indicator_id", "period"),
    (
        POLICY,
        BODY,
        INDICATOR,
        PERIOD,
        c("value", "The glide path", "real", "", True),
        c("catch_up", "The path before the frontier shift", "real"),
        c("frontier", "What the frontier shift adds", "real"),
        c("lo", "Lower end of the allowance for chance around the path", "real"),
        c("hi", "Upper end of that allowance", "real"),
    ),
)

TARGET_TESTS = Table(
    "target_tests",
    "marts",
    "one row per target and fairness test",
    ("policy_id", "body_id", "indicator_id", "test"),
    (
        POLICY,
        BODY,
        INDICATOR,
        c("test", "attainability, context, noise, history, burden or consistency", required=True),
        c("statistic", "The test's statistic", "real"),
        c("result", "pass, caution, fail or not tested", required=True),
        c("reason", "Why, in words", required=True),
        *METHOD,
    ),
)

TARGET_BUDGETS = Table(
    "target_budgets",
    "marts",
    "one row per target policy and body: how many targets it carries, and whether they pull together",
    ("policy_id", "body_id"),
    (
        POLICY,
        BODY,
        c("active", "Targets that it carries", "whole", "targets", True),
        c("allowed", "Targets that the policy allows", "whole", "targets", True),
        c("load", "Active over allowed", "real", "fraction of 1", True),
        c("effective", "Effective number of independent targets", "real", "targets"),
        c("duplicates", "Pairs that say nearly the same, as a+b, joined by a space"),
        c("conflicts", "Pairs that pull against each other, as a+b, joined by a space"),
        c("over", "Services over their limit, joined by a space"),
        *METHOD,
    ),
)

TRACKING = Table(
    "tracking",
    "marts",
    "one row per target: the call, and what it rests on",
    ("policy_id", "body_id", "indicator_id"),
    (
        POLICY,
        BODY,
        INDICATOR,
        PERIOD,
        c("n_points", "Points that the call rests on", "whole", "points", True),
        c("value", "Newest value", "real"),
        c("lo", "Lower end of its 95% interval", "real"),
        c("hi", "Upper end of its 95% interval", "real"),
        c("on_path", "Against the path and its allowance: better, within, worse, or null"),
        c("call", "on track, uncertain, off track, met, or too early to say", required=True),
        c("p_hit", "Probability of meeting the target when it is due", "real", "fraction of 1"),
        c("p_words", "The same in words"),
        c("pace_needed", "Change a period that the target needs from here", "real"),
        c("pace_achieved", "Change a period achieved so far", "real"),
        c(
            "reached",
            "Periods ahead at which the median forecast reaches the target; null when never",
            "real",
            "periods",
        ),
        c("variation", "Control chart's reading of the newest point; null under 8 points"),
        c("assurance", "Whether the process as it is passes, fails, or may do either; null under 8 points"),
        c(
            "counter_ok",
            "Whether no paired counter-measure worsened by more than its tolerance; null when unknown",
            "truth",
        ),
        c("counter_worse", "Highest probability that a counter-measure worsened", "real", "fraction of 1"),
        STATUS,
        c("reason", "Why there is no call; null otherwise"),
        *METHOD,
    ),
)

CHARTS = Table(
    "charts",
    "marts",
    "one row per body, targeted indicator and period of a control chart (8 points or more)",
    ("body_id", "indicator_id", "period"),
    (
        BODY,
        INDICATOR,
        PERIOD,
        c("kind", "xmr, year on year, deseasonalised or laney", required=True),
        c("phase", "1 for the first phase", "whole", "", True),
        c("value", "The point", "real"),
        c("moving_range", "Distance from the point before", "real"),
        c("mean", "Mean of the phase", "real"),
        c("lower", "Lower process limit", "real"),
        c("upper", "Upper process limit", "real"),
        c("near_lower", "Two thirds of the way to the lower limit", "real"),
        c("near_upper", "Two thirds of the way to the upper limit", "real"),
        c("signal", "Rule that the point meets, or null for chance alone"),
        c("way", "improving, concerning, or neither; null for chance alone"),
        *METHOD,
    ),
)

FORECASTS = Table(
    "forecasts",
    "marts",
    "one row per target and period ahead, to its due period",
    ("policy_id", "body_id", "indicator_id", "period"),
    (
        POLICY,
        BODY,
        INDICATOR,
        PERIOD,
        c("lo", "Lower end of the 80% fan", "real"),
        c("lo_50", "Lower end of its inner half", "real"),
        c("median", "Median forecast", "real"),
        c("hi_50", "Upper end of its inner half", "real"),
        c("hi", "Upper end of the 80% fan", "real"),
        *METHOD,
    ),
)


def settlements(currency: str) -> Table:
    """The settlement ledger of a pack: whole hundredths of its currency, so that every row reconciles."""
    unit = hundredths(currency)

    def money(name: str, words: str) -> Column:
        return c(f"{name}_{unit}", words, "whole", unit)

    return Table(
        "settlements",
        "marts",
        "one row per scheme, body, plan and year of a settlement",
        ("scheme_id", "body_id", "plan_id", "period"),
        (
            SCHEME,
            BODY,
            c("plan_id", "actual for a real programme, else the assumed course of cost", required=True),
            PERIOD,
            money("base", "Baseline that the ceiling starts from; null where a programme sets its own benchmark"),
            money("last", "Cost of the last year before the settlement, where plans start; null likewise"),
            c("gap", "Gap to good peers that the ceiling uses; null likewise", "real", "fraction of 1"),
            money("ceiling", "Ceiling or benchmark of the year"),
            money("cost", "Cost of the year"),
            money("below", "Ceiling less cost; negative for an overspend"),
            c("threshold", "Least saving that counts", "real", "fraction of 1"),
            c("rate", "Sharing rate applied", "real", "fraction of 1"),
            c("gate", "Quality gate: passed, failed, scaled or null"),
            money("kept", "What the body keeps of the year (negative: what it pays)"),
            money("centre", "To the centre of what lies below (negative: borne by it)"),
            money("held", "What is held in escrow at the end of the year, less what was held before"),
            money("bank", "Balance of the body's bank at the end of the year"),
            c("explanation", "Why, in words", required=True),
            STATUS,
            *METHOD,
        ),
    )


INCENTIVES = Table(
    "incentives",
    "marts",
    "one row per scheme and year of the settlement: how strong the reward for saving is",
    ("scheme_id", "year"),
    (
        SCHEME,
        c("year", "1 for the first year of the settlement", "whole", "", True),
        c(
            "power",
            "Share of the value of a permanent saving made in this year that the body keeps",
            "real",
            "fraction of 1",
        ),
        c("power_annual", "The same under yearly claw-back: use it or lose it", "real", "fraction of 1"),
        c("cliffs", "Points at which what is kept jumps, as savings in per cent of the ceiling, joined by a space"),
        c("perverse", "Stretches on which one more pound saved loses or gains more than a pound, in words"),
        *METHOD,
    ),
)


def schemes(currency: str) -> Table:
    """The table that sets schemes side by side over the same required total; ranges are 90 %."""
    unit = currency.lower()

    def money(name: str, words: str) -> Column:
        return c(f"{name}_{unit}", words, "real", currency)

    return Table(
        "schemes",
        "marts",
        "one row per scheme of the pack and way of finding the same total",
        ("scheme_id", "way"),
        (
            SCHEME,
            c("way", "clawback, equal_cut, benchmark, gain_share or menu", required=True),
            c("label", "The way in words", required=True),
            c("required", "Total to be found", "real", "fraction of 1"),
            c("feasible", "Whether the total is within what peers show possible", "truth"),
            c("n", "Bodies", "whole", "bodies", True),
            money("overcut", "Median over draws of cuts beyond what peers show possible"),
            money("overcut_lo", "Lower end of its range"),
            money("overcut_hi", "Upper end of its range"),
            money("untapped", "Median over draws of potential left untouched"),
            money("untapped_lo", "Lower end of its range"),
            money("untapped_hi", "Upper end of its range"),
            money("kept", "What bodies keep of what they save"),
            c(
                "burden",
                "Concentration of the asked rates against deprivation; positive: the deprived carry more",
                "real",
            ),
            c("winners", "Bodies asked for less than under equal cuts, by more than chance", "whole", "bodies"),
            c("losers", "Bodies asked for more than under equal cuts, by more than chance", "whole", "bodies"),
            c("undecided", "Bodies for which chance cannot be ruled out", "whole", "bodies"),
            c("chance_infeasible", "Share of draws in which the total cannot be had", "real", "fraction of 1"),
            c("words", "What it asks, in a sentence", required=True),
            *METHOD,
        ),
    )


SCHEME_BODIES = Table(
    "scheme_bodies",
    "marts",
    "one row per scheme, way and body",
    ("scheme_id", "way", "body_id"),
    (
        SCHEME,
        c("way", "Way of finding the total", required=True),
        BODY,
        c("cut", "Share of its budget asked for", "real", "fraction of 1"),
        c("cut_lo", "5th percentile over draws", "real", "fraction of 1"),
        c("cut_hi", "95th percentile over draws", "real", "fraction of 1"),
        c("overcut", "Share asked for beyond what peers show possible", "real", "fraction of 1"),
        c("overcut_lo", "5th percentile over draws", "real", "fraction of 1"),
        c("overcut_hi", "95th percentile over draws", "real", "fraction of 1"),
        c("untapped", "Share that peers show possible and that is not asked for", "real", "fraction of 1"),
        c("chance_overcut", "Share of draws in which it is asked for more than possible", "real", "fraction of 1"),
        c("verdict", "less, more or cannot be told apart: against equal cuts", required=True),
        *METHOD,
    ),
)

SCREENS = Table(
    "screens",
    "marts",
    "one row per body, indicator, screen and period: a question for the body",
    ("body_id", "indicator_id", "screen", "period"),
    (
        BODY,
        INDICATOR,
        c("screen", "Screen that asks", required=True),
        PERIOD,
        c("statistic", "Its statistic", "real"),
        c("p", "Probability of as much by chance, where the screen has one", "real", "fraction of 1"),
        c("threshold", "Level at which it asks", "real"),
        c("n", "Cases, bodies or periods that it rests on", "whole", "", True),
        c("asks", "Whether it asks", "truth", "", True),
        c("question", "The question in words", required=True),
        c("prior", "How often it asks of comparable untargeted measures", "real", "fraction of 1"),
        *METHOD,
    ),
    audience="restricted",
)
