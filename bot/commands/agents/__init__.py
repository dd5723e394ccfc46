"""Commands for the people who look after tickets."""
