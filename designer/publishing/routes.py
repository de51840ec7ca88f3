"""The addresses of publishing and of the history of releases."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from designer.publishing import history, publish


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/publish")(publish.show_review)
    blueprint.post("/<app>/publish")(publish.carry_out)
    blueprint.get("/<app>/publish/records")(publish.show_records)
    blueprint.get("/<app>/publish/progress")(publish.show_progress)
    blueprint.post("/<app>/discard")(publish.discard)
    blueprint.get("/<app>/history")(history.show_history)
    blueprint.get("/<app>/history/<int:number>/changes")(history.show_changes)
    blueprint.post("/<app>/history/<int:number>/restore")(history.restore)
    blueprint.get("/<app>/check")(_check)


def _check(app: str) -> Response:
    """Where the review was before."""
    return redirect(f"/design/{app}/publish", 308)  # type: ignore[return-value]
