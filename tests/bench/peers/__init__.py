"""The same six steps on other people's engines, each in an environment of its own, to compare with in one run."""
