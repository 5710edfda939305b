"""A population for simulation, calibrated to the published summary of a CAR-T against BCMA.

The parameters give the mean peak, day of peak, area to day 28 and time to below quantification of
ciltacabtagene autoleucel (CARTITUDE-1, 97 patients). They are not a fit to patients' samples.

Source: the noncompartmental summary of CARTITUDE-1 as the maker publishes it: Cmax 48,692 (SD
    27,174) copies/µg, Tmax 12.7 days, AUC0-28 504,496, time to below quantification 100 days; lag
    and fold expansion as in `prior`
Reading: the lag does not differ between subjects; the spread of the day of the peak, 0.15, is then
    that of the rise. The late second expansions of a few subjects are not part of the model.
Oracle: tests/oracle/cartitude_1
"""

from cartrial.kinetics.population.model.model import Model

CALIBRATED_MODEL = Model(lag=True)
CALIBRATED = {
    "lag": 3.0,  # days
    "foldx": 3900.0,
    "rise": 9.7,  # days: the peak on day 12.7
    "cmax": 42_500.0,  # copies/µg
    "alpha": 0.085,  # per day
    "fb": 0.0015,
    "beta": 0.012,  # per day
    "sd_lag": 0.01,
    "sd_foldx": 0.8,
    "sd_rise": 0.15 * 12.7 / 9.7,
    "sd_cmax": 0.52,
    "sd_alpha": 0.55,
    "sd_fb": 0.8,
    "sd_beta": 0.6,
    "residual_qPCR": 0.5,
}
