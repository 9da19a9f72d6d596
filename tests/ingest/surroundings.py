"""What a function stands among in a test: a camera of 768 x 576 px whose pixels lie nowhere in particular."""

from pathlib import Path

from ingest.detectors.detector import Surroundings
from ingest.geolocate import nowhere
from layers.values import LonLat

AMONG = Surroundings(
    home=Path("nowhere"),
    camera_id=1,
    camera_code="C-1",
    size_px=(768, 576),
    place=lambda _: nowhere(LonLat(lon=76.94, lat=43.24)),
)
