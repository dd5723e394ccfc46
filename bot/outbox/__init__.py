"""The one way out: effects are carried out lane by lane, under leases."""
