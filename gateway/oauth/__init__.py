"""The hub's own authorization server, and how the front door knows a caller by its tokens.

`api` answers > `server` the token endpoint's rules | `metadata` what a client may find out |
`callers` who is asking > `tokens` verifies one | `assertion` a client's proof of who it is >
`clients` who may ask > `keys` what they sign with.
"""
