"""From values of our own to Discord's messages and forms."""
