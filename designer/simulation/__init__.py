"""Trying a workflow of the draft out: over one record, step by step, and over those of the last weeks."""
