"""Agreements between organisations over HTTP, and in the shape of the DfE Single Unique Identifier draft.

`api` answers > `exchange` reads and writes the DfE shape > `words` maps its data types, purposes and types of
organisation to ours. `watch` warns of what expires.
"""

from gateway.agreements.api import router
from gateway.agreements.watch import watching

__all__ = ["router", "watching"]
