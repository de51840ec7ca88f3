"""A set of definitions that travels: read, check, plan, install, export."""

from engine.packs.add_module import add_module, modules_left_out, plan_module
from engine.packs.blocks import list_blocks
from engine.packs.comparing import carry_over, compare, documents_of
from engine.packs.contents import Contents, contents_of, shelf_contents
from engine.packs.copies import copy_app
from engine.packs.dependencies import Dependency, companions_of, dependencies_of
from engine.packs.export_data import export_data
from engine.packs.export_pack import Export, export_pack, plan_export, write_pack, zip_of
from engine.packs.fit import Fit, check_fit, fit_questions
from engine.packs.fit_block import fit_block_json
from engine.packs.install_job import completed, install_later, read_source
from engine.packs.install_pack import install_pack
from engine.packs.new_pack import new_pack
from engine.packs.pack import Manifest, Pack, SampleFile, Signature
from engine.packs.people import NewPerson
from engine.packs.plan_install import Plan, plan_install
from engine.packs.preview_upgrade import preview_upgrade
from engine.packs.publishers import (
    forget_publisher,
    judged,
    trust_publisher,
    trusted_publishers,
)
from engine.packs.read_pack import check_pack, read_pack
from engine.packs.remove_samples import has_samples, remove_samples
from engine.packs.samples import samples_of
from engine.packs.scenarios import Outcome, run_scenarios
from engine.packs.shelf import find_source, list_packs, read_shelf, shelf_path
from engine.packs.signature import fingerprint, new_keypair, sign
from engine.packs.store import installed as list_installed
from engine.packs.table import analyse_table, begin_from_table, check_table, free_app_key
from engine.packs.uninstall import UninstallPlan, plan_uninstall, uninstall
from engine.packs.upgrade.apply_upgrade import apply_upgrade
from engine.packs.upgrade.entries import UpgradeItem, UpgradePlan
from engine.packs.upgrade.plan_upgrade import plan_upgrade
from engine.packs.upgrade.return_upgrade import can_return, return_problems, return_upgrade

__all__ = [
    "Contents", "Dependency", "Export", "Fit", "Manifest", "NewPerson", "Outcome", "Pack", "Plan", "SampleFile", "Signature", "UninstallPlan", "UpgradeItem", "UpgradePlan", "add_module", "analyse_table", "apply_upgrade", "begin_from_table", "can_return", "carry_over", "check_fit",
    "check_pack", "check_table", "companions_of", "compare", "completed", "contents_of", "copy_app", "dependencies_of", "documents_of", "export_data", "export_pack", "find_source", "fingerprint", "fit_block_json", "fit_questions", "forget_publisher", "free_app_key", "has_samples",
    "install_later", "install_pack", "judged", "list_blocks", "list_installed", "list_packs", "modules_left_out", "new_keypair", "new_pack", "plan_export", "plan_install", "plan_module", "plan_uninstall", "plan_upgrade", "preview_upgrade", "read_pack", "read_shelf",
    "read_source", "remove_samples", "return_problems", "return_upgrade", "run_scenarios", "samples_of", "shelf_contents", "shelf_path", "sign", "trust_publisher", "trusted_publishers", "uninstall", "write_pack", "zip_of",
]
