"""One OpenAPI 3.1 document for the whole hub: the front door's own and every service's, as one.

`api` fetches and serves it > `merge` makes one of many > `operation` says what each one shares >
`names` keeps two services' schemas apart; `tags` says what the operations are sorted under.
"""
