"""The directory's pages for people who have no system of their own: its providers."""

from gateway.directory.listing import router

__all__ = ["router"]
