"""Assessing a family's needs together, agreeing a plan, meeting about it."""
