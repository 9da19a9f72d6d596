"""Models that see: converting one, describing one with a card, decoding what one says."""
