"""What is new, what is still there and what is gone since the last run; nothing is called fixed without proof."""
