"""The dose: slots, decisions of two people on a frozen record, adjudication of toxicity."""
