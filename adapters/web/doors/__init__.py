"""Guards the doors of the site: its connections, its hosts and origins, and how much one address has open at once."""
