"""How long a unit drives to a place: a protocol, a register, one file per router."""
