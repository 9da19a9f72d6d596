"""Arrays that grow while compiled code fills them."""

from typing import Any

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def roomier(rows: Any, wanted: int) -> Any:
    """Return the rows with room for `wanted` at least: the same array where there is, else one of twice the length."""
    if wanted <= len(rows):
        return rows
    more = np.empty((max(wanted, 2 * len(rows)),) + rows.shape[1:], rows.dtype)  # noqa: RUF005 - numba unpacks no tuple
    more[: len(rows)] = rows
    return more
