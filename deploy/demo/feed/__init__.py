"""A council's Open Referral UK 3.0 feed, as the demo pulls it: synthetic services in a real postcode area.

`offers` says what there is > `documents` writes it in the standard's words > `serve` answers over HTTP.
"""

from deploy.demo.feed.serve import app

__all__ = ["app"]
