"""Signing in to the desk by OpenID Connect: what the issuer is asked, what its tokens must say, and the way in."""
