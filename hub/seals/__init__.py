"""Sealed text: an address, a school, a telephone number that must not leave the hub but for the named.

`answers` stands where every answer passes > `hiding` puts [sealed] in its place > `finding` looks for all
seals at once > `folding` makes spellings equal. Who seals what is `hub.sharing.seals`.
"""
