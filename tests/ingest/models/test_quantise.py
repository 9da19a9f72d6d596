from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from ingest.detectors.objects import OnnxObjects, open_objects
from ingest.models import nanodet
from ingest.models.calibrating import pictures as calibrating_pictures
from ingest.models.card import Card, read_card, write_card
from ingest.models.nanodet import INT8, NANODET, OF_BEFORE, install
from ingest.picture import Pixels
from ingest.sources.decoded import Decoded
from ingest.tracking import iou
from ingest.values import Detection, Picture

CARD = "nanodet.card.json"
NOT_CALIBRATED_ON = (
    "camshift_result.jpg",
    "detect_test2.jpg",
    "messi5.jpg",
    "motion_original.jpg",
    "person_multi_det.jpg",
    "pexels_double_decker_bus.jpg",
    "studentsSample_input.jpg",
)


@pytest.fixture(scope="module")
def pictures(home: Path) -> list[Picture]:
    """Frames of the real clip that int8 was not calibrated on."""
    with av.open(str(home / "fetched" / "vtest.avi")) as clip:
        return [Decoded(frame) for frame in islice(clip.decode(video=0), 20, 500, 60)]


@pytest.fixture(scope="module")
def exact(home: Path, tmp_path_factory: pytest.TempPathFactory) -> OnnxObjects:
    folder = tmp_path_factory.mktemp("models")
    (folder / NANODET.file).symlink_to(home / "models" / NANODET.file)
    write_card(NANODET, folder / CARD)
    return open_objects(folder / CARD)


def strong(found: tuple[Detection, ...]) -> list[Detection]:
    return [one for one in found if one.score > 0.4]


def test_in_int8_the_detector_sees_what_it_saw_exactly(home: Path, exact: OnnxObjects, pictures: list[Picture]) -> None:
    quick = open_objects(home / "models" / CARD)
    assert quick.card == INT8
    same = seen = told = 0
    for picture in pictures:
        wanted, found = strong(exact.detect(picture)), strong(quick.detect(picture))
        seen, told = seen + len(wanted), told + len(found)
        same += sum(any(_same(one, other) for other in found) for one in wanted)
    assert seen > 20
    assert same / seen > 0.9 and same / told > 0.9


def test_in_int8_it_is_as_sure_of_what_is_seen_from_near_in_another_street(home: Path, exact: OnnxObjects) -> None:
    """Calibrated on the one clip alone its scores were 0.35 lower in the other: it found next to nothing there."""
    quick, lost = open_objects(home / "models" / CARD), []
    with av.open(str(home / "fetched" / "bikes.mp4")) as clip:
        for picture in map(Decoded, islice(clip.decode(video=0), 1, None, 6)):
            found = quick.detect(picture)
            for one in strong(exact.detect(picture)):
                lost.append(one.score - max((two.score for two in found if _same(one, two)), default=0.0))
    assert len(lost) > 5 and np.mean(lost) < 0.1


def test_in_int8_it_sees_what_it_saw_in_pictures_it_was_not_calibrated_on(home: Path, exact: OnnxObjects) -> None:
    """Seven photographs: streets, a yard, a bridge, a dark hall. By one clip's scales it lost five of 36."""
    quick = open_objects(home / "models" / CARD)
    kept, wanted = 0, 0
    for name in NOT_CALIBRATED_ON:
        image = cv2.imread(str(home / "fetched" / name))
        assert image is not None
        picture = Pixels(image.astype(np.uint8))
        found = quick.detect(picture)
        for one in strong(exact.detect(picture)):
            wanted += 1
            kept += any(_same(one, two) and two.score > 0.35 for two in found)
    assert wanted > 25 and kept / wanted > 0.9


def _same(one: Detection, other: Detection) -> bool:
    overlap = iou(np.array([one.box]), np.array([other.box]))[0, 0]
    return one.label == other.label and bool(overlap > 0.5)


def test_without_the_clip_to_calibrate_on_the_model_stays_exact(home: Path, tmp_path: Path) -> None:
    (tmp_path / "fetched").mkdir()
    for name in ("nanodet.json", "nanodet.bin"):
        (tmp_path / "fetched" / name).symlink_to((home / "fetched" / name).resolve())
    assert install(tmp_path) and not install(tmp_path)
    assert read_card(tmp_path / "models" / CARD) == NANODET


@pytest.fixture
def calibrated_on_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the scales off five real pictures, not off 185, where the model only has to be another one."""
    monkeypatch.setattr(nanodet, "pictures", lambda clips: islice(calibrating_pictures(clips), 5))


@pytest.mark.usefixtures("calibrated_on_few")
@pytest.mark.parametrize(
    "before",
    OF_BEFORE,
    ids=["exact", "exact without boats", "int8 of scaled levels", "int8 without boats", "int8 of one light"],
)
def test_a_model_of_before_is_made_anew_and_one_that_somebody_put_there_stays(
    home: Path, tmp_path: Path, before: Card
) -> None:
    (tmp_path / "fetched").symlink_to((home / "fetched").resolve())
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / before.file).write_bytes(b"of before")
    write_card(before, tmp_path / "models" / CARD)
    assert install(tmp_path) and not install(tmp_path)
    assert read_card(tmp_path / "models" / CARD) == INT8
    own = replace(INT8, file="own.onnx")
    (tmp_path / "models" / "own.onnx").write_bytes(b"own")
    write_card(own, tmp_path / "models" / CARD)
    assert not install(tmp_path)
    assert read_card(tmp_path / "models" / CARD) == own
