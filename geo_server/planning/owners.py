"""Who alone sees a cell: a group's number from 1 on, nobody, or more than one group."""

import numpy as np
from numpy.typing import NDArray

Owners = NDArray[np.uint16]
NOBODY, SHARED = 0, np.iinfo(np.uint16).max
