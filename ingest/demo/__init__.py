"""The demo: a city that lives by itself, sent through the same doors as a real one."""
