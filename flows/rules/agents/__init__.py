"""What agents do and read: their acts, their thread, their times to answer, and whom they forward to."""
