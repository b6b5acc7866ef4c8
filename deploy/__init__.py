"""Topologies and operations: the only code that knows all parts."""
