"""The model of CAR in blood: lag, expansion, and contraction in two phases.

    t < lag           R0 = cmax / foldx
    lag <= t < tmax   R0 exp(rho (t - lag)), rho = log(foldx) / rise, tmax = lag + rise
    t >= tmax         cmax ((1 - fb) exp(-alpha (t - tmax)) + fb exp(-beta (t - tmax)))

Each parameter of a subject is log-normal around the typical value times the effects of covariates.
A residual error is added to the logarithm of the concentration; an assay has its own residual, and
its own scale relative to the first.

Source: Stein 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295. doi:10.1002/psp4.12388; the lag as
    in Ogasawara 2021, Clin Pharmacokinet 60:1621-1633 (lisocabtagene maraleucel)
"""

from dataclasses import dataclass

EXPANSION = ("foldx", "rise", "cmax")
CONTRACTION = ("alpha", "fb", "beta")
UNITS = {
    "lag": "day",
    "foldx": "",
    "rise": "day",
    "cmax": "concentration",
    "alpha": "1/day",
    "fb": "",
    "beta": "1/day",
}


@dataclass(frozen=True)
class Effect:
    """The effect of a covariate on a parameter: log parameter = ... + effect x covariate."""

    covariate: str
    parameter: str


@dataclass(frozen=True)
class Model:
    """Which parameters there are, and what acts on them.

    `treatments` begin on a day of their own and multiply the rate of expansion from then on.
    """

    lag: bool = False
    effects: tuple[Effect, ...] = ()
    treatments: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters of a subject, in the order of every array."""
        return (*(("lag",) if self.lag else ()), *EXPANSION, *CONTRACTION)
