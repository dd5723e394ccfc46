"""From values of our own to Slack's messages, forms and views."""
