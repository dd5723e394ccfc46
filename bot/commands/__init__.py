"""Defines the commands, one file each; each imports what it needs only when it runs, so that `--help` is fast."""
