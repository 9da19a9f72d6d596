"""Why a camera is in its state: each reason that the west wing gives can be said in three languages."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import ingest
from layers.cameras.reasons import Reason, in_english, message, read, sentences, stored

TELLERS = frozenset({"SourceError", "UnknownHost", "NotFootage", "Reason"})
ROOTS = [Path(ingest.__file__).parent, Path(ingest.__file__).parents[1] / "geo_server"]


def told_of(call: ast.Call) -> Iterator[tuple[str, frozenset[str]]]:
    """The codes a call may give, and the names of the details beside them."""
    code, *others = call.args
    found = ast.walk(code.body if isinstance(code, ast.Lambda) else code)
    details = {str(one.arg) for one in call.keywords}
    details |= {
        str(key.value)
        for one in others
        if isinstance(one, ast.Dict)
        for key in one.keys
        if isinstance(key, ast.Constant)
    }
    for one in found:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value, frozenset(details)


def given() -> Iterator[tuple[str, frozenset[str]]]:
    for root in ROOTS:
        for file in root.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in TELLERS
                    and node.args
                ):
                    yield from told_of(node)


def gaps(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def test_every_reason_that_is_given_has_its_sentence_and_what_stands_in_its_gaps() -> None:
    found = set(given())
    assert len(found) > 40
    assert {
        (code, details) for code, details in found if code not in sentences() or details != gaps(sentences()[code].en)
    } == set()


@pytest.mark.parametrize("code", sorted(sentences()))
def test_a_reason_leaves_no_gap_out_in_any_language(code: str) -> None:
    said = sentences()[code]
    if code not in ("rule", "pose"):  # theirs say in English what no language here has words for
        assert gaps(said.kk) == gaps(said.ru) == gaps(said.en)
    assert all(each.strip() for each in (said.kk, said.ru, said.en))


def test_every_sentence_is_of_use() -> None:
    assert set(sentences()) - {code for code, _ in given()} - {"rule", "pose", "leads_elsewhere"} == set()


def test_a_piece_of_a_row_is_told_no_longer_than_it_may_be_and_without_what_the_store_refuses() -> None:
    odd = Reason("no_reader", {"reader": "a\0b" + "c" * 1000, "readers": "rtsp"})
    (told,) = read(stored([odd]))
    assert told.details["reader"] == "a\ufffdb" + "c" * 297
    assert in_english([told]) is not None and in_english([]) is None
    assert message(told).kk.startswith("a\ufffdb")
