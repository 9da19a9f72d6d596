"""Which lines of text may be one plate."""

import numpy as np

from ingest.plates.lines import Line, is_above, stacked, together


def line(text: str, x: float, y: float, wide: float = 60, high: float = 20) -> Line:
    corners = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], np.float32)
    return Line(corners=corners, text=text, certainty=0.9)


def test_a_line_stands_above_another_of_its_size_that_is_near() -> None:
    upper = line("A123", 10, 10)
    assert is_above(upper, line("BC", 15, 34)) and not is_above(line("BC", 15, 34), upper)
    assert not is_above(upper, line("BC", 15, 80))  # too far down
    assert not is_above(upper, line("BC", 75, 34))  # beside it
    assert not is_above(upper, line("BC", 10, 40, wide=120, high=50))  # a word on the tailgate


def test_two_lines_are_read_one_behind_the_other_and_a_region_above_goes_to_the_end() -> None:
    assert list(stacked("A123", "BCD")) == ["A123BCD"]
    assert list(stacked("12302", "ABC")) == ["12302ABC", "123ABC02"]


def test_each_line_alone_comes_before_what_is_made_of_several() -> None:
    lines = [line("A123", 10, 10), line("BC", 15, 34)]
    assert [text for text, _ in together(lines)] == ["A123", "BC", "A123BC", "A123BC"]
    assert list(together([])) == []
