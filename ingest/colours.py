"""Colours as video has them: brightness from 16 to 235, and two differences of colour about 128 (ITU-R BT.601)."""

import numpy as np

NO_COLOUR = np.array([16.0, 128.0, 128.0])  # Y, U and V of black
YUV_OF_BGR = np.array(  # of levels from 0 to 255
    [
        [24.966, 128.553, 65.481],
        [112.0, -74.203, -37.797],
        [-18.214, -93.786, 112.0],
    ]
) / 255  # fmt: skip
BGR_OF_YUV = np.linalg.inv(YUV_OF_BGR)  # of levels less NO_COLOUR
