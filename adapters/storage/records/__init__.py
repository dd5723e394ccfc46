"""What is kept of conversations: each record, its journal, and the lists it is on."""
