"""The record of an incident: its one log, and the ways in which it is taken out and handed on."""
