"""Two apps, two releases or two packs side by side, and what is ticked carried over."""

from engine.packs.comparing.carry_over import carry_over
from engine.packs.comparing.compare import Difference, compare
from engine.packs.comparing.sources import documents_of

__all__ = ["Difference", "carry_over", "compare", "documents_of"]
