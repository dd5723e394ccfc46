"""What people see of a conversation, drawn from its journal."""
