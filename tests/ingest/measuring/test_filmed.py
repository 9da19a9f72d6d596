from pathlib import Path

import numpy as np

from ingest.measuring.filmed import drawn, emptied, since
from ingest.values import Image


def test_footage_begins_where_it_is_told_and_goes_on_from_its_beginning_when_it_ends(fetched: Path) -> None:
    film = fetched / "vtest.avi"
    seen: list[float] = []

    def note(image: Image, at_s: float) -> Image:
        seen.append(at_s)
        return image

    shots = list(drawn(film, note, on="a film", key="noted", fps=1.0, seconds=6, since_s=77).shots())
    assert [shot.at_s for shot in shots] == seen == [0, 1, 2, 3, 4, 5]
    first = next(iter(drawn(film, note, on="a film", key="first", fps=1.0, seconds=1).shots()))
    again = [float(np.abs(np.asarray(shot.image, float) - np.asarray(first.image, float)).mean()) for shot in shots]
    assert min(again[2:]) < 2 < again[0]


def test_what_is_drawn_since_a_moment_counts_its_seconds_from_there() -> None:
    image = np.zeros((2, 2, 3), np.uint8)
    draw = since(3.0, lambda picture, at_s: picture + np.uint8(at_s))
    assert [int(draw(image, at_s).max()) for at_s in (0.0, 2.9, 3.0, 8.0)] == [0, 0, 0, 5]


def test_an_emptied_scene_shows_nobody_who_only_passes(fetched: Path) -> None:
    empty = emptied(fetched / "vtest.avi", 12)
    assert empty.shape == (576, 768, 3) and empty.dtype == np.uint8
