"""What the product counts about itself, and how one page shows the counts of all processes."""
