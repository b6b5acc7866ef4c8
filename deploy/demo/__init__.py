"""A small synthetic partnership, its files, and the story of one family told through the hub's front door."""
