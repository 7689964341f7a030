"""The scaffold is a pack that loads and whose figures its own descriptions can read."""

import pytest

from pipelines.errors import BadInput
from pipelines.packs.load import load_pack
from pipelines.packs.scaffold import LIBRARIES, YEARS, invented_figures, new_pack


def test_a_new_pack_runs_as_it_is(tmp_path):
    folder = new_pack(tmp_path / "fire_stations")
    pack = load_pack(folder)
    assert (pack.id, pack.data) == ("fire_stations", folder / "data")
    sizes = {}
    for dataset in pack.datasets:
        (name,) = dataset.files
        sizes[dataset.id] = pack.source(dataset.id).parse((pack.data / name).read_bytes(), name).cells.height
    # register: two figures and three facts per library; figures: five per library and year; prices: one per year
    assert sizes == {"register": LIBRARIES * 5, "figures": LIBRARIES * len(YEARS) * 5, "prices": len(YEARS)}


def test_every_file_explains_itself(tmp_path):
    folder = new_pack(tmp_path / "fire_stations")
    assert all(path.read_text().startswith("# ") for path in folder.glob("*.yml"))


def test_the_same_seed_gives_the_same_figures():
    assert invented_figures() == invented_figures()
    assert invented_figures(seed=1) != invented_figures()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Fire Stations", "no id for a pack"),
        ("1st", "no id for a pack"),
        ("us_acos", "a shipped pack has this name"),
        ("full", "exists and is not empty"),
    ],
)
def test_names_that_cannot_be_are_refused(tmp_path, name, words):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match=words):
        new_pack(tmp_path / name)
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
