"""When and where: grids, postcodes, and what counts as vanished. Pure."""
