import hashlib
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ingest.city import survey
from ingest.city.areas import districts_of, first_level
from ingest.city.errors import CityRefused
from ingest.city.generate import generate
from ingest.city.made import plan
from ingest.city.report import Report
from ingest.city.roads import split


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_seed_gives_the_same_file_and_another_seed_another(small_city: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        generate(tmp_path / f"{seed}.osm.pbf", seed=seed, size="small")
    assert _sha256(tmp_path / "1.osm.pbf") == _sha256(small_city)
    assert _sha256(tmp_path / "2.osm.pbf") != _sha256(small_city)


def test_the_plan_lies_inside_almaty_and_reaches_every_district(fetched: Path) -> None:
    almaty = first_level(fetched / "kz-adm1.geojson")["Almaty"]
    city = shapely.Polygon(plan.OUTLINE)
    assert almaty.contains(city)
    assert city.contains(shapely.Polygon(plan.SMALL))
    reached = {code for code, district in districts_of(almaty).items() if district.intersection(city).area > 5e-4}
    assert len(reached) == 8


def test_the_plan_names_sixty_avenues_in_three_languages() -> None:
    avenues = [*plan.WEST_EAST, *plan.NORTH_SOUTH, plan.MOTORWAY]
    assert len({a.kk for a in avenues}) >= 60
    assert all(a.kk and a.ru and a.en for a in avenues)


def test_every_place_can_be_driven_to_and_back_from(small_city: Path) -> None:
    arcs: list[tuple[int, int]] = []
    for way in osmium.FileProcessor(str(small_city)).with_filter(osmium.filter.KeyFilter("highway")):
        nodes = [node.ref for node in way.nodes]
        oneway = way.tags.get("oneway", "yes" if "junction" in way.tags else "no")
        pairs = list(itertools.pairwise(nodes))
        arcs += pairs if oneway != "-1" else []
        arcs += [(b, a) for a, b in pairs] if oneway in ("no", "-1") else []
    nodes_, index = np.unique(np.array(arcs), return_inverse=True)
    tail, head = index.reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(tail)), (tail, head)), shape=(len(nodes_), len(nodes_)))
    assert connected_components(graph, connection="strong")[0] == 1


def test_the_small_city_has_a_bit_of_everything(small_city: Path) -> None:
    seen = Counter[str]()
    for thing in osmium.FileProcessor(str(small_city)).with_filter(osmium.filter.EmptyTagFilter()):
        seen.update(f"{tag.k}={tag.v}" if tag.k in ("amenity", "oneway", "leisure") else tag.k for tag in thing.tags)
    wanted = {
        "highway",
        "building",
        "building:levels",
        "height",
        "addr:housenumber",
        "natural",
        "landuse",
        "restriction",
    }
    wanted |= {"amenity=police", "amenity=hospital", "amenity=fire_station", "amenity=school", "emergency"}
    wanted |= {"oneway=yes", "oneway=-1", "junction", "leisure=park", "name:kk", "name:ru", "name:en"}
    assert wanted <= seen.keys()


def test_a_folder_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CityRefused, match="cannot be written"):
        generate(tmp_path / "file" / "city.osm.pbf", size="small")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_whole_city_has_the_size_of_a_city(tmp_path: Path) -> None:
    path, report = tmp_path / "city.osm.pbf", Report()
    generate(path)
    known = survey.read(path, report)
    segments, classes, buildings, reached = 0, set[str](), 0, set[tuple[int, int]]()
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
        if "highway" in way.tags:
            nodes = [node.ref for node in way.nodes]
            segments += sum(1 for _ in split(nodes, known.junctions))
            classes.add(way.tags["highway"])
        buildings += "building" in way.tags
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("emergency")):
        reached.add((round(node.lon * 20), round(node.lat * 20)))
    assert segments >= 30_000
    assert buildings >= 60_000
    assert {
        "motorway",
        "motorway_link",
        "trunk",
        "primary",
        "secondary",
        "tertiary",
        "residential",
        "service",
    } <= classes
    assert len(reached) >= 12
    assert not report.skipped
