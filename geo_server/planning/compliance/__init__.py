"""Whether cameras stand as Almaty 213, art. 8, 9 and 11 to 13 ask: rules are data, the judge is pure."""
