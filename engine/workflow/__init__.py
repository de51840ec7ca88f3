"""States, approvals and timers of records; notifications and copies that come of them."""

from engine.workflow.approvals import decide, edit
from engine.workflow.catalogue import ACTIONS, lint_actions
from engine.workflow.describe import describe, standing_json
from engine.workflow.fields_in_state import StateFields, fields_in_state
from engine.workflow.fire_transition import fire_transition
from engine.workflow.inbox import (
    Item,
    copies,
    counts,
    decided,
    inbox,
    inbox_json,
    open_task,
    submissions,
)
from engine.workflow.instances import Answer
from engine.workflow.links import public_url, set_public_url
from engine.workflow.notifications import (
    Notification,
    count_unread,
    list_notifications,
    mark_read,
    notify,
)
from engine.workflow.nudges import mark_copy_read, remind, send_copy
from engine.workflow.reactions import react
from engine.workflow.standing import Asks, Move, Seat, Standing
from engine.workflow.state_counts import count_by_state
from engine.workflow.timeline import TimelineEvent, broken_links, timeline
from engine.workflow.timers import fire_all_due, fire_timer

__all__ = [
    "ACTIONS",
    "Answer",
    "Asks",
    "Item",
    "Move",
    "Notification",
    "Seat",
    "Standing",
    "StateFields",
    "TimelineEvent",
    "broken_links",
    "copies",
    "count_by_state",
    "count_unread",
    "counts",
    "decide",
    "decided",
    "describe",
    "edit",
    "fields_in_state",
    "fire_all_due",
    "fire_timer",
    "fire_transition",
    "inbox",
    "inbox_json",
    "lint_actions",
    "list_notifications",
    "mark_copy_read",
    "mark_read",
    "notify",
    "open_task",
    "public_url",
    "react",
    "remind",
    "send_copy",
    "set_public_url",
    "standing_json",
    "submissions",
    "timeline",
]
