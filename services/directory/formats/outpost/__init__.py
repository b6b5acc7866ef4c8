"""Outpost, a directory several councils run (`/api/v1/services`), rewritten as Open Referral UK 3.0."""

from services.directory.formats.outpost.service import as_oruk3, is_one

__all__ = ["as_oruk3", "is_one"]
