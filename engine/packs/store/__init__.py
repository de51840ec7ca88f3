"""Which packs are installed and what belongs to their apps. Speaks SQL."""

from engine.packs.store.installed import (
    done_so_far,
    extras_of,
    forget_done,
    forget_installed,
    installed,
    note_done,
    note_installed,
    setting_of,
    write_installed,
)

__all__ = [
    "done_so_far", "extras_of", "forget_done", "forget_installed", "installed", "note_done", "note_installed", "setting_of",
    "write_installed",
]
