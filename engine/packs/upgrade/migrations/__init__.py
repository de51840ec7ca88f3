"""What a new version declares to be done to the records: read before the release changes, written after."""

from engine.packs.upgrade.migrations.moves import Move, declared_moves, held_by_moves
from engine.packs.upgrade.migrations.prepare import Prepared, prepare_steps
from engine.packs.upgrade.migrations.steps import Places, Step, read_steps
from engine.packs.upgrade.migrations.tell import tell_steps
from engine.packs.upgrade.migrations.write import write_prepared

__all__ = ["Move", "Places", "Prepared", "Step", "declared_moves", "held_by_moves", "prepare_steps", "read_steps", "tell_steps", "write_prepared"]
