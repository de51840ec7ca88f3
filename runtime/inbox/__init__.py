"""What waits for me, what I submitted, what I got copies of."""
