"""Why somebody can or can't see, change or remove something: the whole answer, with the values it rests on."""

from engine.records.why.account import Account, Ground, explain_access, why_json
from engine.records.why.facts import Fact

__all__ = ["Account", "Fact", "Ground", "explain_access", "why_json"]
