"""Programs timed and measured, by the user's lines and by ops. Loaded when it is asked for."""

from runtime.profiling.measure import profile_fed, profile_run
from runtime.profiling.profile import LineCost, OpCost, Profile

__all__ = ["LineCost", "OpCost", "Profile", "profile_fed", "profile_run"]
