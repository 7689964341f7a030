"""Every kind of fault in a pack: one line with file, line number, what is wrong and, where it is known, what was meant.

Each case spoils the commented template by one replacement and expects exactly one line.
"""

import pytest

from pipelines.errors import BadInput
from pipelines.packs.load import PackError, load_pack
from pipelines.packs.scaffold import new_pack


@pytest.fixture
def pack(tmp_path):
    return new_pack(tmp_path / "spoilt")


def spoil(pack, file, old, new, everywhere=False):
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new) if everywhere else text.replace(old, new, 1))


def lines(pack):
    with pytest.raises(PackError) as refusal:
        load_pack(pack)
    assert str(refusal.value) == "\n".join(refusal.value.lines)
    assert refusal.value.exit_code == 2
    return refusal.value.lines


SHAPE = [
    ("measures.yml", "polarity: lower ", "polrity: lower ", "unknown key 'polrity' (did you mean 'polarity'?)"),
    ("datasets.yml", "publisher: Example", "publsher: Example", "unknown key 'publsher' (did you mean 'publisher'?)"),
    ("measures.yml", "  label: Staff\n", "", "measure 'staff': key 'label' is missing"),
    (
        "measures.yml",
        "kind: cost ",
        "kind: costs ",
        "'kind' is 'costs', not one of cost, input, output, outcome, context",
    ),
    ("measures.yml", "scale: 1000 ", "scale: thousand ", "'scale' needs a number here (found 'thousand')"),
    ("measures.yml", "scale: 1000 ", "scale: -1 ", "greater than 0"),
    ("measures.yml", "scale: 1000 ", "scale: .inf ", "needs a number here"),
    ("measures.yml", "id: staff", "id: Staff", "'id'"),
    ("indicators.yml", "multiplier: 100\n", "multiplier: 0\n", "greater than 0"),
    ("indicators.yml", "real_terms: true ", "real_terms: maybe ", "needs true or false here"),
    ("peers.yml", "k: 10", "k: 2", "greater than or equal to 5"),
    ("pack.yml", "base_period: 2023-24 ", "base_period: 2023/24 ", "is not a canonical period"),
    ("pack.yml", "currency: GBP", "currency: pounds", "'currency'"),
    ("datasets.yml", "files: [figures.csv]", "files: [../figures.csv]", "is not a bare file name"),
    ("datasets.yml", "files: [figures.csv]", "files: [/etc/passwd]", "is not a bare file name"),
    ("datasets.yml", "files: [figures.csv]", "files: figures.csv", "needs a list here"),
    ("scope.yml", "- bodies: [L0003]", "- bodies: []", "at least 1 item"),
]

REFERENCE = [
    (
        "measures.yml",
        "dataset: figures",
        "dataset: figure",
        "measure 'spending': unknown dataset 'figure' (did you mean",
    ),
    ("services.yml", "cost: spending", "cost: spendings", "unknown measure 'spendings' (did you mean 'spending'?)"),
    ("services.yml", "headline: spending_per_loan", "headline: loan", "service 'lending': unknown indicator 'loan'"),
    ("services.yml", "quality: [satisfaction]", "quality: [joy]", "unknown indicator 'joy'"),
    ("indicators.yml", "denominator: staff", "denominator: stuff", "unknown measure 'stuff' (did you mean 'staff'?)"),
    ("peers.yml", "measure: density", "measure: denseness", "unknown measure 'denseness'"),
    ("scope.yml", "service: lending", "service: lendings", "unknown service 'lendings' (did you mean 'lending'?)"),
    (
        "pack.yml",
        "headline_peer_model: alike",
        "headline_peer_model: like",
        "unknown peer model 'like' (did you mean 'alike'?)",
    ),
    ("pack.yml", "dataset: prices", "dataset: price", "unknown dataset 'price' (did you mean 'prices'?)"),
    ("bodies.yml", "- dataset: register", "- dataset: registry", "unknown dataset 'registry'"),
    ("bodies.yml", "benchmarked: true", "benchmarked: true\n    peers_from: [libary]", "unknown class 'libary'"),
    ("indicators.yml", "interval: proportion", "interval: proportion\n  classes: [libary]", "unknown class 'libary'"),
]

SENSE = [
    ("measures.yml", "unit: loans", "unit: lones", "unknown unit 'lones' (did you mean 'loans'?)"),
    ("measures.yml", "unit: gbp", "unit: persons", "a cost in 'persons' is impossible; this pack's currency is GBP"),
    ("measures.yml", "unit: fte", "unit: usd", "money in 'usd', but this pack's currency is GBP"),
    ("measures.yml", "unit: per_km2", "unit: per_km2\n  rebuild: sum", "a per_km2 cannot be added up"),
    ("measures.yml", "unit: fte", "unit: fte\n  plausible: [5, 1]", "'plausible' is [lowest, highest]"),
    ("measures.yml", "unit: fte", "unit: fte\n  part_of: staff", "'part_of' goes in a circle: staff -> staff"),
    (
        "measures.yml",
        "unit: gbp",
        "unit: gbp\n  identity: {net_of: [staff, loans], tolerance: 1}",
        "'staff' is in fte by",
    ),
    ("services.yml", "cost: spending", "cost: staff", "'staff' is of kind input, not cost"),
    ("services.yml", "outputs: [loans]", "outputs: [residents]", "'residents' is of kind context, not output"),
    (
        "services.yml",
        "note: Invented",
        "spend_only: true\n  note: Invented",
        "spend_only, yet it lists outputs or outcomes",
    ),
    ("services.yml", "note: Invented", "part_of: lending\n  note: Invented", "'part_of' goes in a circle"),
    (
        "indicators.yml",
        "denominator: staff",
        "denominator: density",
        "'density' is a per_km2; nothing can be divided by it",
    ),
    ("indicators.yml", "numerator: satisfied", "numerator: density", "'density' is a per_km2 already"),
    ("indicators.yml", "denominator: staff", "denominator: loans", "numerator and denominator are the same measure"),
    ("indicators.yml", "min_denominator: 1\n", "real_terms: true\n", "'loans' is in loans, not money"),
    ("indicators.yml", "format: rate", "format: unit_cost", "a unit_cost is money per something, not loans per fte"),
    ("indicators.yml", "format: rate", "format: share", "a share needs one unit above and below, not loans and fte"),
    ("indicators.yml", "interval: history  ", "interval: count  ", "'count' counts events, and 'spending' is in gbp"),
    (
        "datasets.yml",
        "source: declared\n  scheme: nation",
        "source: hmt_gdp\n  scheme: nation",
        "a `table` needs `source: declared`",
    ),
    ("datasets.yml", "  files: [prices.csv]\n", "", "source declared needs `files`"),
    ("datasets.yml", "    series:\n      - {column: Index, series: index}\n", "", "a table is wide (`series`) or long"),
    ("datasets.yml", "bounds: {c: [0, 4]}", "bounds: {d: [0, 4]}", "bounds of 'd' need a suppressed marker"),
    ("peers.yml", "kind: computed ", "kind: published ", "a published model needs `dataset` and `series_prefix`"),
    ("peers.yml", "min_peers: 5", "min_peers: 12", "min_peers 12 exceeds k 10"),
    ("peers.yml", "theme: Size, transform: log", "theme: Size, weight: 2", "give every variable a weight, or none"),
    ("peers.yml", "measure: density", "measure: loans", "variable 'density' uses 'loans', which is of kind output"),
    ("peers.yml", "theme: Size, transform: log", "theme: Size, transform: logit", "logit of 'residents' in persons"),
    ("peers.yml", "id: density", "id: residents", "variable id 'residents' is taken already"),
    ("scope.yml", "[L0003]", "[K0003]", "body 'K0003' begins like no class of bodies.yml"),
    (
        "scope.yml",
        "service: lending",
        "service: lending\n  from: 2022-23\n  to: 2020-21",
        "'to' 2020-21 lies before 'from' 2022-23",
    ),
    ("bodies.yml", "benchmarked: true", "benchmarked: true\n    aggregate: true", "a sum of bodies is not benchmarked"),
]


@pytest.mark.parametrize(("file", "old", "new", "words"), SHAPE + SENSE)
def test_a_fault_gives_one_line(pack, file, old, new, words):
    before = (pack / file).read_text().partition(old)[0].splitlines(keepends=True)
    begins = max((n for n, text in enumerate([*before, old], 1) if text.startswith("- ")), default=1)
    spoil(pack, file, old, new)
    found = [line for line in lines(pack) if words in line]
    assert len(found) == 1, lines(pack)
    name, number, _ = found[0].split(":", 2)
    assert name.endswith(f"spoilt/{file}")
    last = (pack / file).read_text()[: len("".join(before)) + len(new)].count("\n") + 1
    assert begins <= int(number) <= last + 3  # inside the object that was spoilt
    assert "\n" not in found[0]


def test_an_id_stands_once(pack):
    spoil(pack, "measures.yml", "- id: staff", "- id: loans")
    found = [line for line in lines(pack) if "is taken already" in line]
    content = (pack / "measures.yml").read_text().splitlines()
    first, second = (n for n, text in enumerate(content, 1) if text == "- id: loans")
    assert [line.split("measures.yml")[1] for line in found] == [
        f":{second}: measure 'loans': measure id 'loans' is taken already (line {first})"
    ]


@pytest.mark.parametrize(("file", "old", "new", "words"), REFERENCE)
def test_a_name_that_nothing_bears_is_the_only_fault_shown(pack, file, old, new, words):
    spoil(pack, file, old, new)
    (line,) = lines(pack)
    assert words in line
    number = int(line.split(":")[1])
    assert new.splitlines()[-1].strip() in (pack / file).read_text().splitlines()[number - 1]


def test_all_faults_are_shown_at_once_in_reading_order(pack):
    spoil(pack, "measures.yml", "unit: gbp", "unit: gpb")
    spoil(pack, "measures.yml", "dataset: register", "dataset: registry")
    spoil(pack, "indicators.yml", "denominator: staff", "denominator: stuff")
    found = lines(pack)
    assert [line.split(": ")[0].rsplit("/")[-1].split(":")[0] for line in found] == [
        "indicators.yml",
        "measures.yml",
        "measures.yml",
        "services.yml",  # the chain starts from the measure whose unit is no money
    ]
    numbers = [int(line.split(":")[1]) for line in found[1:3]]
    assert numbers == sorted(numbers)


def test_a_circle_through_several_is_named_once(pack):
    for one, other in (("staff", "asked"), ("asked", "satisfied"), ("satisfied", "staff")):
        spoil(pack, "measures.yml", f"- id: {one}\n", f"- id: {one}\n  part_of: {other}\n")
    (line,) = lines(pack)
    assert "asked -> satisfied -> staff -> asked" in line


def test_an_indicator_of_another_service_is_no_headline_and_takes_no_flag(pack):
    text = (pack / "services.yml").read_text()
    more = "- id: other\n  label: Other\n  headline: satisfaction\n  cost: spending\n  spend_only: true\n"
    (pack / "services.yml").write_text(text + more)
    spoil(pack, "scope.yml", "service: lending", "service: other")
    assert [line.split(": ", 1)[1] for line in lines(pack)] == [
        "indicator 'spending_per_loan' belongs to service 'lending', not 'other'",
        "service 'other': headline 'satisfaction' belongs to service 'lending'",
    ]


def test_a_neutral_indicator_is_no_quality_floor(pack):
    spoil(pack, "indicators.yml", "polarity: higher\n  stage: outcome", "polarity: neutral\n  stage: outcome")
    assert any("quality floor 'satisfaction' is neutral" in line for line in lines(pack))


def test_mixed_periods_need_an_alignment(pack):
    spoil(
        pack,
        "measures.yml",
        "unit: fte\n  kind: input\n  period_kind: financial_year",
        "unit: fte\n  kind: input\n  period_kind: point",
    )
    found, chain = lines(pack)
    assert "financial_year over point; say how to align them under `align`" in found
    assert "'staff' is by point, the money by financial_year; align them" in chain
    spoil(pack, "indicators.yml", "min_denominator: 1\n", "align: {denominator: {rule: nearest_point}}\n")
    assert lines(pack) == (chain,)  # aligned, the indicator has nothing wrong with it any more


def test_real_terms_need_an_index(pack):
    text = (pack / "pack.yml").read_text()
    start, end = text.index("deflator:  "), text.index("headline_peer_model")
    (pack / "pack.yml").write_text(text[:start] + text[end:])
    (line,) = lines(pack)
    assert "indicator 'spending_per_loan': pack.yml gives no `deflator` and `base_period`" in line


def test_a_source_that_does_not_exist_is_named(pack):
    spoil(pack, "datasets.yml", "- id: register\n  source: declared", "- id: register\n  source: courts_register")
    text = (pack / "datasets.yml").read_text()
    start, end = text.index("  table:"), text.index("- id: figures")
    (pack / "datasets.yml").write_text(text[:start] + text[end:])
    (line,) = lines(pack)
    assert "dataset 'register': no source 'courts_register' in pipelines/sources" in line


def test_a_source_is_one_dataset_only(pack):
    text = (pack / "datasets.yml").read_text()
    (pack / "datasets.yml").write_text(text + "- {id: a, source: mhclg_rsx}\n- {id: b, source: mhclg_rsx}\n")
    (line,) = lines(pack)
    assert "dataset 'b': source 'mhclg_rsx' is dataset 'a' already" in line


def test_further_sources_of_a_dataset_are_checked_alike(pack):
    text = (pack / "datasets.yml").read_text()
    (pack / "datasets.yml").write_text(text + "- {id: a, source: mhclg_rsx, also: [dfe_lait_years]}\n")
    (line,) = lines(pack)
    assert "dataset 'a': no source 'dfe_lait_years' in pipelines/sources" in line


def test_a_prefix_belongs_to_one_class(pack):
    spoil(
        pack,
        "bodies.yml",
        "\nregister:",
        "\n  - {id: b, label: B, plural: B, codes: [L], tier: single, benchmarked: true}\n\nregister:",
    )
    (line,) = lines(pack)
    assert "class 'b': prefix 'L' belongs to class 'library' already" in line


def test_a_file_that_is_no_yaml_hides_what_would_follow_from_it(pack):
    (pack / "measures.yml").write_text("- id: a\n  label: [\n")
    (line,) = lines(pack)
    assert "measures.yml:3: not YAML: did not find expected node content" in line


def test_a_list_file_must_hold_a_list(pack):
    (pack / "scope.yml").write_text("bodies: [L0001]\n")
    (line,) = lines(pack)
    assert "scope.yml:1: needs a list here" in line


def test_a_misspelt_file_is_not_silently_empty(pack):
    (pack / "peers.yml").rename(pack / "peer.yml")
    assert any(
        "peer.yml:1: no file of a pack has this name (did you mean 'peers.yml'?)" in line for line in lines(pack)
    )


def test_a_link_that_leads_out_is_refused(pack, tmp_path):
    (tmp_path / "elsewhere.yml").write_text("[]\n")
    (pack / "scope.yml").unlink()
    (pack / "scope.yml").symlink_to(tmp_path / "elsewhere.yml")
    (line,) = lines(pack)
    assert "scope.yml:1: leads outside the pack's folder" in line


def test_bodies_are_required(pack):
    (pack / "bodies.yml").unlink()
    assert any("bodies.yml:1: missing" in line for line in lines(pack))


def test_the_other_lists_may_be_absent(pack):
    (pack / "scope.yml").unlink()
    assert load_pack(pack).scope_flags == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("english_council", "did you mean 'english_councils'?"),
        ("/nowhere/at_all", "neither a shipped pack nor a folder with a pack.yml"),
    ],
)
def test_an_unknown_pack_is_one_line(name, words):
    with pytest.raises(BadInput) as refusal:
        load_pack(name)
    assert words in str(refusal.value)


def test_a_folder_without_pack_yml_says_how_to_get_one(tmp_path):
    with pytest.raises(BadInput, match="evenhand pack new"):
        load_pack(tmp_path)
