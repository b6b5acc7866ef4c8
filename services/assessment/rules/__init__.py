"""When may it happen: pure rules, without a clock, a database or a web framework."""
