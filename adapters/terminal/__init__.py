"""Runs conversations in a terminal. This is the reference channel, to copy for a new one.

`inbound` turns typed lines into events, and `render` draws deliveries; both are pure. `receiver` reads lines, and
`sender` prints. Every channel has these four parts.
"""
