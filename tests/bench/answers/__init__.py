"""What becomes of answers when a call was masked."""
