"""The east wing: what people and their programs meet."""
