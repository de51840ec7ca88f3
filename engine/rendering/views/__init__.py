"""Views of many records: lists with groups, boards, calendars and cards.

`show_view(sight)` asks for the records and gives what the templates in `views.html` draw. A `Sight`
says who looks at which view, and what the address asks for. Whatever the reader may not see takes no
part: no column, no group, no colour, no day.
"""

from engine.rendering.views.board import BoardColumn, BoardNode, board_column
from engine.rendering.views.calendar import CalendarNode
from engine.rendering.views.records import Records, Source
from engine.rendering.views.shown import (
    Shown,
    is_offered,
    line_fields,
    plain_view,
    show_line,
    show_view,
)
from engine.rendering.views.sight import Asked, Sight

__all__ = [
    "Asked",
    "BoardColumn",
    "BoardNode",
    "CalendarNode",
    "Records",
    "Shown",
    "Sight",
    "Source",
    "board_column",
    "is_offered",
    "line_fields",
    "plain_view",
    "show_line",
    "show_view",
]
