"""The GraphQL interface: composes what the services answered, and decides nothing.

`router` answers > `schema` is what can be asked > `cases` and `offers` compose > `asking` reaches a
service, in the caller's name > `household`, `support` and `directory` are what the services show > `shape`.
"""
