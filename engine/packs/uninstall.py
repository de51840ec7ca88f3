"""Taking an app away for good; what it held can be taken along first (`export_data`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.accounts.rights import require_admin
from engine.definitions.model import Text
from engine.kernel.messages import pick, translate
from engine.packs.samples import SAMPLES
from engine.packs.store import installed
from engine.packs.store.drop_app import count_running, drop_app
from engine.packs.upgrade.apply_upgrade import SNAPSHOT
from engine.publishing.drafts import get_locked_app
from engine.publishing.store import list_drafts
from engine.storage import Counter, Work


@dataclass(frozen=True)
class UninstallPlan:
    """What would go: records by entity, runs under way, files; `needed_by` are apps whose packs build on this one's.

    They have their own copies and go on; only their upgrades need the pack, which stays on the shelf.
    """

    app: str
    label: Text
    records: Mapping[str, int]
    labels: Mapping[str, Text]
    running: int
    needed_by: tuple[str, ...] = ()

    def lines(self, language: str) -> list[str]:
        """The plan as sentences."""
        found = [translate("pack.uninstall_title", {"app": pick(self.label, language)}, language)]
        found += [
            translate("pack.uninstall_records", {"entity": pick(self.labels[key], language), "count": count}, language)
            for key, count in self.records.items() if count
        ]
        if self.running:
            found.append(translate("pack.uninstall_running", {"count": self.running}, language))
        if self.needed_by:
            found.append(translate("pack.uninstall_needed", {"apps": list(self.needed_by)}, language))
        return found


def plan_uninstall(work: Work, app: str) -> UninstallPlan:
    """What uninstalling an app would take away; raises NotFound, Forbidden unless an administrator or the system asks."""
    require_admin(work)
    if not work.release_number(app):  # begun, and never published: nobody has any records of it
        return UninstallPlan(app, _label_of_draft(work, app), {}, {}, 0)
    model = work.model(app)
    counter = Counter(work, model)
    entities = [entity for entity in model.entities.values() if not entity.part_of]
    everything = installed(work)
    key = everything.get(app, {}).get("key")
    needed_by = tuple(sorted(other for other, manifest in everything.items() if other != app and key and key in manifest.get("requires", {})))
    return UninstallPlan(
        app, model.app.label, {entity.key: counter.records(entity) for entity in entities},
        {entity.key: entity.plural or entity.label for entity in entities}, count_running(work, app), needed_by,
    )


def _label_of_draft(work: Work, app: str) -> Text:
    return next((item.document["label"] for item in list_drafts(work, app) if item.kind == "app"), app)


def uninstall(work: Work, app: str) -> None:
    """Take an app away with its records, runs and drafts; people stay, and the audit trail.

    This can't be undone. Raises NotFound, Forbidden unless an administrator or the system asks.
    """
    plan = plan_uninstall(work, app)
    get_locked_app(work, app)
    work.allow_time(900)
    work.touch("releases")
    work.touch("accounts")  # roles that people hold go along
    drop_app(work, app, (f"{SAMPLES}{app}", f"{SNAPSHOT}{app}"))
    work.log("pack.uninstalled", app=app, details={"records": sum(plan.records.values()), "running": plan.running})
