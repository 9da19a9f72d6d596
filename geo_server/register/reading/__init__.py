"""Reading files: whatever their kind, columns and rows of text come out, and where each row stands."""
