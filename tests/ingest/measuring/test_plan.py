from ingest.measuring.plan import Plot, goes, planned, stays


def test_who_goes_is_where_the_plan_says_and_gone_after() -> None:
    actor = goes((100, 300), (200, 300), since_s=5, speed=50)
    assert actor.box(4.9) is None
    assert actor.box(6) == (138, 240, 162, 300)
    assert actor.box(7.1) is None


def test_a_plan_is_seen_the_same_way_twice_and_never_perfectly() -> None:
    clip = planned(Plot(actors=(stays((100, 300), since_s=0, until_s=60),), seconds=60), on="a stay", seed=1)
    first, again = ([shot.detections for shot in clip.shots()] for _ in range(2))
    assert first == again and len(first) == 301
    assert 0 < sum(not seen for seen in first) < 40
    assert len({seen[0].box for seen in first if seen}) > 200
