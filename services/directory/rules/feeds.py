"""When a feed may be kept in step with, and what may be hidden because of it."""

from hub.problem import Problem


class FeedOfAnother(Problem):
    """Another agency keeps this feed in step."""

    status = 409


class FeedNotReadable(Problem):
    """The feed could not be read, so nothing was changed."""

    status = 422


class FeedAddressNotAllowed(Problem):
    """The hub does not read from this address."""

    status = 422


def check_owner(owner: str, agency: str) -> None:
    """Refuse a feed that another agency pulls (FeedOfAnother)."""
    if owner != agency:
        raise FeedOfAnother


def may_hide(*, complete: bool, read: int) -> bool:
    """Whether what a pull did not meet is gone. Half a feed, or an empty one, is more likely a fault."""
    return complete and read > 0
