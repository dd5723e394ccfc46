"""The terminal: the reference channel, the one to copy.

`inbound` makes events of typed lines and `render` makes pictures of deliveries, both pure; `receiver` reads
and `sender` shows. Every channel has these four rooms.
"""
