"""What a design decides for one dose by itself, for every outcome there."""
