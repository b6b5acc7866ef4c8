"""The audit log on its own: `export` writes it to a file, `verify` proves it without the hub."""

from deploy.audit.export import export
from deploy.audit.reading import Failure, Kind
from deploy.audit.verify import Verdict, verify_log

__all__ = ["Failure", "Kind", "Verdict", "export", "verify_log"]
