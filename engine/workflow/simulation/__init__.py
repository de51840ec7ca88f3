"""What a draft's workflow would do: the real interpreter over a record in memory; nothing is written."""

from engine.workflow.simulation.many import path_of, runs_to_compare
from engine.workflow.simulation.script import Script, Turn, read_script
from engine.workflow.simulation.simulate import Simulation, simulate
from engine.workflow.simulation.telling import simulation_json

__all__ = ["Script", "Simulation", "Turn", "path_of", "read_script", "runs_to_compare", "simulate", "simulation_json"]
