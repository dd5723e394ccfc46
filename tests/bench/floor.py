"""What figures are measured on: the walk, and the least that a script can do to move a turn."""

from typing import Final

ANSWERS: Final = (
    "still-failing",
    "still-failing",
    "still-failing",
    "blank",
    "empty",
    "have-it",
    "still-failing",
)
"""From the first step of the library's guide to its end."""

FLOOR: Final = """
local version = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if version ~= tonumber(ARGV[1]) then return version end
redis.call('HSET', KEYS[1], 'v', version + 1, 's', ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[2])
return version + 1
"""
"""Compare, set, append."""
