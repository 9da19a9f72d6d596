from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.city.errors import CityRefused, DamagedFile, MissingFile, NotAPbf
from ingest.city.frames import check


def test_a_whole_file_has_frames(small_city: Path) -> None:
    assert check(small_city) > 0


def test_a_missing_file_a_folder_and_another_format_are_told_apart(tmp_path: Path) -> None:
    text = tmp_path / "city.osm.pbf"
    text.write_text("<osm version='0.6'></osm>")
    with pytest.raises(NotAPbf, match=r"is no OpenStreetMap \.osm\.pbf file"):
        check(text)
    with pytest.raises(MissingFile):
        check(tmp_path / "nowhere.osm.pbf")
    with pytest.raises(MissingFile):
        check(tmp_path)


def test_an_empty_file_is_no_pbf(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(NotAPbf):
        check(tmp_path / "empty")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.01, 0.999))
def test_a_file_cut_anywhere_is_refused(small_city: Path, tmp_path: Path, share: float) -> None:
    whole = small_city.read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises((DamagedFile, NotAPbf)):
        check(cut)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_noise_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "noise").write_bytes(data)
    with pytest.raises(CityRefused):
        check(tmp_path / "noise")
