"""What stands in the checkout is what runs: no installed package hides one of ours."""

import importlib
import importlib.metadata
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
OURS = ("layers", "ingest", "geo_server")


@pytest.mark.parametrize("name", OURS)
def test_a_wing_is_imported_from_the_checkout(name: str) -> None:
    assert Path(str(importlib.import_module(name).__file__)).is_relative_to(CHECKOUT)


def test_no_installed_package_bears_a_name_of_ours() -> None:
    foreign = importlib.metadata.packages_distributions()
    assert not {name for name in OURS if name in foreign}


def test_biometrics_have_no_package_here() -> None:
    installed = {str(d.metadata["Name"]).lower() for d in importlib.metadata.distributions()}
    assert not installed & {"face-recognition", "deepface", "insightface", "facenet-pytorch", "dlib", "mediapipe"}
