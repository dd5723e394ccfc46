"""The REST API that other products embed."""
