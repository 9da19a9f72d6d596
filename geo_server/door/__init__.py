"""The door of the house: sets the machine up, starts every process and stops it again."""
