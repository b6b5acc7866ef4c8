"""Open Referral UK 1.0 (and HSDS 1.1 and 2.0, whose names it kept), rewritten as 3.0."""

from services.directory.formats.oruk1.service import as_oruk3, is_one

__all__ = ["as_oruk3", "is_one"]
