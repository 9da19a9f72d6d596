"""How well each function sees: recall, false alarms and delay on clips whose truth is known."""
