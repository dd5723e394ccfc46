"""The web desk: where agents find who waits, see what was tried, reply, note, hand back and solve."""
