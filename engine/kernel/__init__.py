"""What every room needs and no room owns: errors, registry, clock, ids, messages, actor."""
