"""What the assessment service keeps about people, for the hub's data protection officer."""

from hub.erasure import earlier_in, kept_by

PLACE = "assessment"
KEPT = kept_by(PLACE)
EARLIER = earlier_in(PLACE)
