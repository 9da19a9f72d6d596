"""Sources: the machines that may send, each with a key. Not on the map; here because both wings need it."""
