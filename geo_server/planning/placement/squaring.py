"""How cells of a zone are named and kept: in squares of so many to the side, each cell by one number in its zone."""

TILE = 128  # cells to the side of a square that is kept
ROW = 2**21  # cells in a row of a zone: more than a zone is wide
