"""What a process logs can be read by a machine and holds no secret."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FAULTY = """
import logging, structlog
from layers import logs

def sign_in(password):
    raise ValueError("it failed")

logs.configure("trial")
try:
    sign_in("hunter" + "2")
except ValueError as error:
    {tell}
"""


@pytest.mark.parametrize(
    "tell", ["structlog.get_logger().error('fault', exc_info=error)", "logging.getLogger('x').exception('fault')"]
)
def test_a_fault_is_one_line_that_tells_where_but_no_value_of_a_variable(tell: str) -> None:
    done = subprocess.run([sys.executable, "-c", FAULTY.format(tell=tell)], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    told = json.loads(line)
    assert told["process"] == "trial" and told["exception"][0]["frames"][-1]["name"] == "sign_in"
    assert "hunter2" not in line


REFUSED = """
import sys, psycopg, structlog
from layers import logs

logs.configure("trial")
with psycopg.connect(sys.argv[1]) as link:
    link.execute("CREATE TEMP TABLE call (phone text CHECK (phone = ''))")
    try:
        link.execute("INSERT INTO call VALUES ('+7 701 000 00 00')")
    except psycopg.Error as error:
        structlog.get_logger().error("fault", exc_info=error)
"""


def test_a_row_that_the_store_refuses_is_told_by_its_sqlstate_alone(database_url: str) -> None:
    command = [sys.executable, "-c", REFUSED, database_url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (told,) = map(json.loads, done.stderr.splitlines())
    assert told["exception"][0]["exc_value"] == "SQLSTATE 23514" and "+7 701" not in done.stderr


def test_lines_of_processes_that_share_a_log_never_run_into_one_another(tmp_path: Path) -> None:
    tell = "from layers import logs; import structlog; logs.configure('p'); say = structlog.get_logger().info\n"
    tell += "for n in range(2000): say('line', n=n)"
    with (tmp_path / "log").open("ab") as log:
        command, environment = [sys.executable, "-c", tell], {**os.environ, "PYTHONUNBUFFERED": "1"}
        tellers = [subprocess.Popen(command, stderr=log, env=environment) for _ in range(3)]
        assert [one.wait(60) for one in tellers] == [0, 0, 0]
    lines = (tmp_path / "log").read_text().splitlines()
    assert len(lines) == 6000 and all(json.loads(line)["event"] == "line" for line in lines)
