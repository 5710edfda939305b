"""The model as text for nlmixr2, so that a pharmacometrician can fit it again elsewhere.

Start values are the estimates of a fit. Data: ID, TIME (days), DV (log concentration, or log LLOQ
where CENS is 1), CENS, covariates under their names. Only the first assay; treatments that change
the expansion are not written.
"""

from cartrial.errors import DataError
from cartrial.kinetics.population.fit import Fit

HEAD = """# Start values: estimates of the {engine} engine, {subjects} subjects.
# Data: ID, TIME (days from infusion), DV (log concentration; log LLOQ where CENS is 1), CENS{more}
# fit <- nlmixr2::nlmixr2(car, data, "saem")
car <- function() {{
"""


def to_nlmixr2(fit: Fit) -> str:
    """The model function of nlmixr2."""
    if fit.model.treatments or len(fit.samples.assays) > 1:
        raise DataError("--export: must be of one assay without treatments, got more")
    value = {one.name: one.value for one in fit.population}
    names = fit.model.parameters
    more = "".join(f", {one.covariate}" for one in fit.model.effects)
    effects = {
        f"e_{one.covariate}_{one.parameter}": value[f"effect_{one.covariate}_on_{one.parameter}"]
        for one in fit.model.effects
    }
    start = [f"t_{name} <- log({value[name]:.6g})" for name in names]
    start += [f"{name} <- {size:.6g}" for name, size in effects.items()]
    start += [f"eta_{name} ~ {value[f'sd_{name}'] ** 2:.6g}" for name in names]
    start.append(f"residual <- {value[f'residual_{fit.samples.assays[0]}']:.6g}")
    body = [f"{name} <- exp({_predictor(fit, name)})" for name in names]
    body += [
        f"peak <- rise{' + lag' if fit.model.lag else ''}",
        "rho <- log(foldx) / rise",
        f"upto <- min(time, peak){' - lag' if fit.model.lag else ''}",
        "upto <- max(upto, 0)",
        "after <- max(time - peak, 0)",
        "cp <- log(cmax) - log(foldx) + rho * upto +",
        "  log((1 - fb) * exp(-alpha * after) + fb * exp(-beta * after))",
        "cp ~ add(residual)",
    ]
    head = HEAD.format(engine=fit.engine, subjects=len(fit.samples.subjects), more=more)
    return head + _block("ini", start) + _block("model", body) + "}\n"


def _predictor(fit: Fit, name: str) -> str:
    effects = [
        f"e_{one.covariate}_{name} * {one.covariate}"
        for one in fit.model.effects
        if one.parameter == name
    ]
    return " + ".join((f"t_{name}", *effects, f"eta_{name}"))


def _block(name: str, lines: list[str]) -> str:
    inside = "".join(f"    {line}\n" for line in lines)
    return f"  {name}({{\n{inside}  }})\n"
