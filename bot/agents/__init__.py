"""What agents do where they talk, decided once for every platform."""
