"""How much full Bayes samples."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """Chains, and draws of each; `accept` is the aim of the step size, higher is shorter steps."""

    chains: int = 4
    warmup: int = 1000
    draws: int = 1000
    accept: float = 0.8
