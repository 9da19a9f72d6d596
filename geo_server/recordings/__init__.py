"""Finding, playing, holding and exporting what cameras recorded; the bytes themselves stay in the other wing."""
