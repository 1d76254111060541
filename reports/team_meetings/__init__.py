"""A team's meeting: its agenda, the screen that everybody looks at, the same on one's own device, the minutes."""
