"""Signs agents in to the desk by OpenID Connect: requests to the issuer, checks of its tokens, and the routes."""
