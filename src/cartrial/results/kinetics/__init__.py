"""The kinetics section: CAR in blood over time, its parameters, its persistence, its relations."""
