"""The parameters of NCA in the order in which they are told."""

from collections.abc import Sequence

from cartrial.kinetics.nca.contraction import CONTRACTION
from cartrial.kinetics.nca.expansion import EXPANSION
from cartrial.kinetics.nca.exposure import EXPOSURE, WINDOWS, window
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.peak import PEAK
from cartrial.kinetics.nca.persistence import PERSISTENCE
from cartrial.kinetics.nca.terminal import TERMINAL


def parameters_with(windows: Sequence[tuple[float, float]]) -> tuple[Parameter, ...]:
    """Every parameter, with the partial areas of these windows of days."""
    partial = (window(start, end) for start, end in windows)
    return (*PEAK, *partial, *EXPOSURE, *EXPANSION, *CONTRACTION, *TERMINAL, *PERSISTENCE)


PARAMETERS = parameters_with(WINDOWS)
