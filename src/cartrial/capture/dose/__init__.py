"""The dose: slots, decisions of two people, adjudication of dose-limiting toxicity."""
