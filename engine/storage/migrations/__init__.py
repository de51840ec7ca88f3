"""Alembic's scripts for the system tables; record tables are made by publishing."""
