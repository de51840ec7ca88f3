"""Who may do what: to entities, to records, to fields. Everything that reads or writes asks here."""

from engine.permissions.explain import Explanation, Reason, explain
from engine.permissions.extra import EXTRA_READ, ExtraRead
from engine.permissions.imagined import Imagined
from engine.permissions.policy import Policy, policy, policy_of
from engine.permissions.rights import Right, Rights, rights_of
from engine.permissions.viewing import Sight, actor_of, end_view, view_as_person, view_as_role

__all__ = [
    "EXTRA_READ",
    "Explanation",
    "ExtraRead",
    "Imagined",
    "Policy",
    "Reason",
    "Right",
    "Rights",
    "Sight",
    "actor_of",
    "end_view",
    "explain",
    "policy",
    "policy_of",
    "rights_of",
    "view_as_person",
    "view_as_role",
]
