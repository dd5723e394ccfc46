"""Commands that run until someone stops them."""
