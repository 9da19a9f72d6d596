"""The live feed: the bell, the hub, and the messages on the wire."""
