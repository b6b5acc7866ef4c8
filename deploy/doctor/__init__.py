"""Checks a configuration, and names each thing that is wrong with a way out.

`examination` puts it together > `variables` what the HUB_ variables hold | `database` what the database
is like for this role | `services` who answers where the gateway looks > `findings` how it is said.
"""
