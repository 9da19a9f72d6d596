import json
import socket
import subprocess
from pathlib import Path

import pytest

from geo_server.door import windows
from geo_server.door.cluster import store_of
from geo_server.door.processes import only_one
from geo_server.door.steps import ensure_space, plain, run, sentence
from geo_server.door.trouble import Trouble
from geo_server.door.up import Plan, certified, environment_of, find_city, prepare, programs, refuse_early


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plan(home: Path, **asked: object) -> Plan:
    ports = {"port": free_port(), "ingest_port": free_port(), "video_port": free_port(), "rtsp_port": free_port()}
    return Plan(home=home, **(ports | asked))  # type: ignore[arg-type]


def test_a_port_in_use_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Trouble, match="is in use by another program"):
            refuse_early(plan(tmp_path, port=other.getsockname()[1]))
    assert not (tmp_path / "pg").exists()


def test_two_doors_on_one_port_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot share one port"):
        refuse_early(plan(tmp_path, port=8080, ingest_port=8080))


def test_another_up_of_the_same_home_is_named_rather_than_its_ports(tmp_path: Path) -> None:
    with only_one(tmp_path, "http://127.0.0.1:1"), pytest.raises(Trouble, match=r"already running.*http://127.0.0.1:1"):
        refuse_early(plan(tmp_path))


def test_the_demo_listens_on_loopback_only(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="loopback only"):
        refuse_early(plan(tmp_path, host="0.0.0.0"))


def test_a_disk_too_full_is_refused_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"MiB left; \d+ MiB are needed"):
        ensure_space(tmp_path / "not" / "made", 10**9)


def test_a_city_is_found_by_file_and_by_name_and_asked_for_otherwise(tmp_path: Path) -> None:
    (tmp_path / "fetched").mkdir()
    extract = tmp_path / "fetched" / "Helsinki.osm.pbf"
    extract.touch()
    assert find_city(plan(tmp_path, city=str(extract))) == extract
    assert find_city(plan(tmp_path, city="helsinki")) == extract
    assert find_city(plan(tmp_path)) is None
    with pytest.raises(Trouble, match="No city is named atlantis"):
        find_city(plan(tmp_path, city="atlantis"))
    with pytest.raises(Trouble, match="There is no file"):
        find_city(plan(tmp_path, city=str(tmp_path / "none.osm.pbf")))


def test_without_the_demo_no_demo_city_account_or_process_is_made(tmp_path: Path) -> None:
    bare = plan(tmp_path, demo=False)
    assert not [title for title, _, _ in prepare(bare) if "demo" in title]
    assert [program.name for program in programs(bare, store_of(tmp_path), {})] == ["server", "ingest", "footage"]
    assert [program.name for program in programs(plan(tmp_path), store_of(tmp_path), {})] == [
        "server",
        "ingest",
        "footage",
        "demo",
    ]


def test_a_failed_step_names_its_log_and_what_it_said(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "step.log"
    with pytest.raises(Trouble, match=r"Trying: failed\. error: no such thing") as told:
        run("Trying", ["sh", "-c", "echo start; echo 'error: no such thing'; exit 3"], log, mend="Try again.")
    assert told.value.log == log
    assert log.read_text() == "start\nerror: no such thing\n"


def test_a_full_disk_is_said_in_plain_words_wherever_it_strikes() -> None:
    words = ["OSError: [Errno 28] No space left on device", "error: something that follows"]
    assert sentence(words) == "The disk is full: free some space."


def test_a_json_log_line_is_said_by_its_reason() -> None:
    assert plain(json.dumps({"event": "refused", "reason": "too old"})) == "too old"
    assert plain("[bold]") == "\\[bold]"


def test_windows_count_as_built_until_a_source_changes(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "dist").mkdir()
    (tmp_path / "src" / "main.tsx").write_text("one")
    (tmp_path / "dist" / "index.html").touch()
    assert not windows.built(tmp_path)
    windows.mark_built(tmp_path)
    assert windows.built(tmp_path)
    (tmp_path / "src" / "main.tsx").write_text("two")
    assert not windows.built(tmp_path)


def test_a_file_that_is_built_into_the_windows_counts_as_their_source(tmp_path: Path) -> None:
    (tmp_path / "web" / "dist").mkdir(parents=True)
    (tmp_path / "web" / "dist" / "index.html").touch()
    (statuses := tmp_path / "statuses.json").write_text("{}")
    windows.mark_built(tmp_path / "web", statuses)
    assert windows.built(tmp_path / "web", statuses)
    statuses.write_text("[]")
    assert not windows.built(tmp_path / "web", statuses)


def test_node_modules_count_as_installed_until_the_lock_changes(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    windows.mark_installed(tmp_path)
    assert windows.installed(tmp_path)
    (tmp_path / "package-lock.json").write_text("{ }")
    assert not windows.installed(tmp_path)


def test_the_node_of_the_package_runs() -> None:
    said = subprocess.run([*windows.npm(), "--version"], env=windows.environment(), capture_output=True, text=True)
    assert said.returncode == 0, said.stderr


def test_an_ipv6_host_is_asked_by_a_valid_address(tmp_path: Path) -> None:
    asked = plan(tmp_path, host="::1")
    server, door, video, _ = programs(asked, store_of(tmp_path), {})
    assert server.health == f"http://[::1]:{asked.port}/api/health"
    assert door.health == f"http://[::1]:{asked.ingest_port}/health"
    assert video.health == f"http://[::1]:{asked.video_port}/health"


def test_tls_makes_a_certificate_and_the_server_is_told_and_asked_by_it(tmp_path: Path) -> None:
    asked = certified(plan(tmp_path, tls=True))
    assert asked.tls_cert == tmp_path / "tls" / "cert.pem" and asked.tls_cert.is_file()
    server, door, video, *_ = programs(asked, store_of(tmp_path), environment_of(asked, store_of(tmp_path)))
    assert server.health == f"https://127.0.0.1:{asked.port}/api/health" and server.trusted == asked.tls_cert
    assert server.environment["QYRAN_TLS_CERT"] == str(asked.tls_cert)
    assert server.environment["QYRAN_TLS_KEY"] == str(asked.tls_key)
    assert video.health == f"https://127.0.0.1:{asked.video_port}/health" and video.trusted == asked.tls_cert
    assert video.environment["QYRAN_WINDOWS_ORIGIN"] == asked.address
    assert server.environment["QYRAN_VIDEO_ADDRESS"] == asked.video_address == f"https://127.0.0.1:{asked.video_port}"
    assert door.trusted is None


def test_without_tls_no_certificate_is_made(tmp_path: Path) -> None:
    asked = certified(plan(tmp_path))
    assert asked.tls_cert is None and not (tmp_path / "tls").exists()
    assert asked.address == f"http://127.0.0.1:{asked.port}"


def test_a_given_certificate_that_cannot_serve_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be read"):
        refuse_early(plan(tmp_path / "home", tls=True, tls_cert=tmp_path / "no.pem", tls_key=tmp_path / "no.key"))
    with pytest.raises(Trouble, match="belong together"):
        refuse_early(plan(tmp_path / "home", tls_key=tmp_path / "no.key"))
    assert not (tmp_path / "home").exists()
