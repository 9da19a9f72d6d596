"""Areas: the tree Republic – Oblast – City – District that every feature stands in by its place."""
