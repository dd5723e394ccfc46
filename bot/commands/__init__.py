"""The commands, one file each; their imports wait until they are needed, so that `--help` is there at once."""
