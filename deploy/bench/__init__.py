"""Measures a running hub, in its own processes, over real HTTP, against what PostgreSQL alone can do.

`command` is `hub bench` > `case` | `concern` what is measured > `stage` a seeded hub in processes of its own
> `doors`, `statements` what is asked > `turns` takes them in turns > `wire`, `meter`, `machine`, `report`.
"""
