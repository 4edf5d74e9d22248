"""Says how many households must be visited, what that proves, and what it does not."""

from audit.sampling.plan.aims import plan_claim, plan_discovery, plan_hand_picked, plan_margin, plan_two_stage
from audit.sampling.plan.plan import AIMS, Aim, Plan

__all__ = [
    "AIMS",
    "Aim",
    "Plan",
    "plan_claim",
    "plan_discovery",
    "plan_hand_picked",
    "plan_margin",
    "plan_two_stage",
]
