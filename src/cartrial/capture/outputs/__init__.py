"""What leaves the trial: data cuts with the report and the packages, and certified copies."""
