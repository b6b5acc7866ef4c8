"""The directory with a tenth of its services and with all of them: cost must not grow with the number.

`run` takes the two in turns > `questions` what families ask, each checked before it is timed > `lines` every
service as NDJSON, and the memory that takes > `stage` the two hubs.
"""

from deploy.bench.directory.run import measured

__all__ = ["measured"]
