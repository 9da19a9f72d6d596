"""Recordings: what cameras showed, kept as original bytes; holds on them, clips of events, exports."""
