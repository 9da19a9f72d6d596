"""Who may watch which camera, and who did."""
