"""Numpy arrays as query parameters, without a Python object for each element."""

import struct
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.adapt import Dumper
from psycopg.pq import Format

from layers.tracks.fixes import STORE_EPOCH_US


class _Array:
    oid, element, dtype, size = 0, 0, "", 0

    def __init__(self, values: NDArray[Any]) -> None:
        rows = np.empty(len(values), [("size", ">i4"), ("value", self.dtype)])
        rows["size"], rows["value"] = self.size, values
        self.sent = struct.pack("!iiIii", 1, 0, self.element, len(values), 1) + rows.tobytes()


class Int8s(_Array):
    """A `bigint[]`."""

    oid, element, dtype, size = 1016, 20, ">i8", 8


class Float8s(_Array):
    """A `double precision[]`."""

    oid, element, dtype, size = 1022, 701, ">f8", 8


class Float4s(_Array):
    """A `real[]`."""

    oid, element, dtype, size = 1021, 700, ">f4", 4


class Moments(_Array):
    """A `timestamptz[]`, made of microseconds since 1970 UTC."""

    oid, element, dtype, size = 1185, 1184, ">i8", 8

    def __init__(self, values: NDArray[np.int64]) -> None:
        """Take microseconds since 1970 UTC."""
        super().__init__(values - STORE_EPOCH_US)


def _dumper(of: type[_Array]) -> type[Dumper]:
    class ArrayDumper(Dumper):
        oid = of.oid
        format = Format.BINARY

        def dump(self, obj: _Array) -> bytes:
            return obj.sent

    return ArrayDumper


_DUMPERS = {of: _dumper(of) for of in (Int8s, Float8s, Float4s, Moments)}


def learn(connection: psycopg.AsyncConnection[Any]) -> psycopg.AsyncConnection[Any]:
    """Teach a connection these parameters; doing it again changes nothing."""
    for of, dumper in _DUMPERS.items():
        connection.adapters.register_dumper(of, dumper)
    return connection
