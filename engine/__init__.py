"""The headless engine. Its public face is written in facade.py."""
