"""How the demo city is made: a plan after the real Almaty, streets, blocks, places, and the file they end in."""
