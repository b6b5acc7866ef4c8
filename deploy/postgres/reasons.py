"""Owns the reasons PostgreSQL could not be started, one class per reason, each with a sentence.

CannotStart
    NoPostgresFound               there are no binaries of PostgreSQL 18 or newer we can run
    AccountHasNoName              our user id is not in the list of users, which initdb insists on
    CannotStepDown                we are root and may not become the user PostgreSQL runs as
    DataFolderOutOfReach          the user PostgreSQL runs as cannot get to the data folder
    DataFolderInUse               another server is running on the data folder
    DataFolderNotMade             initdb failed
    DataFolderFromAnotherVersion  another major version of PostgreSQL made the data folder
    PasswordMissing               the data folder is there and the password beside it is not
    PortInUse                     another program listens on the port
    DidNotStart                   PostgreSQL gave up for some other reason, which the message quotes
"""


class CannotStart(Exception):
    """PostgreSQL could not be started; the message is a sentence to show to whoever asked."""


class NoPostgresFound(CannotStart):
    """There are no binaries of PostgreSQL 18 or newer that we can run."""


class AccountHasNoName(CannotStart):
    """Our user id is not in the list of users."""


class CannotStepDown(CannotStart):
    """We are root and may not become the user PostgreSQL runs as."""


class DataFolderOutOfReach(CannotStart):
    """The user PostgreSQL runs as cannot get to the data folder."""


class DataFolderInUse(CannotStart):
    """Another server is running on the data folder."""


class DataFolderNotMade(CannotStart):
    """A new data folder could not be made."""


class DataFolderFromAnotherVersion(CannotStart):
    """Another major version of PostgreSQL made the data folder."""


class PasswordMissing(CannotStart):
    """The data folder is there and the password beside it is not."""


class PortInUse(CannotStart):
    """Another program listens on the port."""


class DidNotStart(CannotStart):
    """PostgreSQL gave up for a reason none of the others names."""
