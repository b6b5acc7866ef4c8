"""`python -m deploy.cli` is `hub`, for where the command is not on the path."""

from deploy.cli import main

main()
