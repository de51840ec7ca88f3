"""A new version of an app's pack: planned, carried out, taken back; nothing of either side is lost unseen."""

from engine.packs.upgrade.apply_upgrade import apply_upgrade
from engine.packs.upgrade.entries import UpgradeItem, UpgradePlan
from engine.packs.upgrade.plan_upgrade import plan_upgrade
from engine.packs.upgrade.return_upgrade import can_return, return_problems, return_upgrade

__all__ = ["UpgradeItem", "UpgradePlan", "apply_upgrade", "can_return", "plan_upgrade", "return_problems", "return_upgrade"]
