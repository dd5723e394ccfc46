"""What looks like a secret in a text, and what never is one."""
