"""How the tree of areas changes: borders that move, areas that merge, names; what was stays on record."""
