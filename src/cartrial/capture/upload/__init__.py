"""Files of laboratories: laboratory results, qPCR plates, flow reports; previewed, then entered."""
