from layers.video.hiding import hiding

GATE = {"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]], "preset": "gate"}
NOWHERE = {"kind": "privacy", "polygon": [[0, 0], [9, 0], [9, 9]]}
BRANCHES = {"kind": "analysis", "polygon": [[0, 0], [9, 0], [9, 9]]}


def test_a_camera_that_hangs_still_hides_all_its_masks_and_nothing_else() -> None:
    assert hiding([GATE, NOWHERE, BRANCHES], turns=False, preset=None) == [GATE, NOWHERE]


def test_one_that_turns_hides_by_the_masks_of_its_view_and_everything_where_it_has_none() -> None:
    assert hiding([GATE, BRANCHES], turns=True, preset="gate") == [GATE]
    assert hiding([GATE], turns=True, preset="yard") is None
    assert hiding([GATE, NOWHERE], turns=True, preset=None) is None  # it moves, or nobody knows where it looks


def test_one_that_turns_and_has_nothing_to_hide_is_shown() -> None:
    assert hiding([BRANCHES], turns=True, preset=None) == [] == hiding([], turns=True, preset="gate")


def test_a_mask_that_cannot_be_read_hides_a_turning_camera_whole_and_reaches_who_covers_a_still_one() -> None:
    assert hiding(["?"], turns=True, preset="gate") is None
    assert hiding(["?"], turns=False, preset=None) == ["?"]
