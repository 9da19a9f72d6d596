"""The hotlist: plates that are looked for. Not on the map; here because both wings need it."""
