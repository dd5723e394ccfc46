"""Remembers and carries out: one way in (the desk), one way out (the outbox), and the ports."""
