"""Logs of every process: one JSON line an event on stderr, never personal data or a secret."""

import logging
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo

_traced = ExceptionDictTransformer(show_locals=False)


def configure(process: str) -> None:
    """Send structlog's and the standard library's records to stderr as JSON lines that name the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            _tracebacks(),
            _json(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # one write a line: processes share the file
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tracebacks(),
                _json(),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _tracebacks() -> structlog.processors.ExceptionRenderer:
    # without the values of variables: passwords, cookies and callers' numbers are among them
    return structlog.processors.ExceptionRenderer(_told)


def _told(exc_info: ExcInfo) -> list[dict[str, Any]]:
    stacks = _traced(exc_info)
    _hide_rows(stacks, {kind.__name__: kind for root in (DBAPIError, psycopg.Error) for kind in _kinds(root)})
    return stacks


def _hide_rows(stacks: list[dict[str, Any]], of_store: dict[str, type[BaseException]]) -> None:
    """Put the SQLSTATE for the words of the store's errors: their `DETAIL: Failing row contains (…)` repeats a row."""
    for stack in stacks:
        if kind := of_store.get(stack["exc_type"]):
            stack["exc_value"] = f"SQLSTATE {getattr(kind, 'sqlstate', None) or 'unknown'}"
        for inside in stack.get("exceptions", []):
            _hide_rows(inside, of_store)


def _kinds(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for below in root.__subclasses__():
        yield from _kinds(below)


def _json() -> structlog.processors.JSONRenderer:
    return structlog.processors.JSONRenderer(ensure_ascii=False)
