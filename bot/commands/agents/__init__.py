"""Commands for whoever looks after tickets."""
