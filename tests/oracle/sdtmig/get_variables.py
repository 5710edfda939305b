"""Writes variables.csv: what the guide says of each variable of our domains.

From library.json.gz of the offline CDISC CORE kit (SDTMIG 3.4, SDTM 2.0; metadata of 2022-10):
    python get_variables.py library.json.gz
"""

import csv
import gzip
import json
import sys
from pathlib import Path

OURS = (
    "AE BE BS CE CM CP DM DS DV EC EX FA HO IE LB MH "
    "PC PP PR RS SC SE SS SV TA TE TI TR TS TU TV VS"
)

with gzip.open(sys.argv[1]) as file:
    classes = json.load(file)["standard"]["classes"]
domains = {one["name"]: one for group in classes for one in group.get("datasets", ())}
with (Path(__file__).parent / "variables.csv").open("w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("domain", "variable", "core", "kind", "label"))
    for code in OURS.split():
        for one in domains[code]["datasetVariables"]:
            rows.writerow((code, one["name"], one["core"], one["simpleDatatype"], one["label"]))
with (Path(__file__).parent / "domains.csv").open("w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("domain", "class", "label", "structure"))
    for code in (*OURS.split(), "RELREC"):
        kind = next(g["name"] for g in classes if domains[code] in g.get("datasets", ()))
        one = domains[code]
        rows.writerow((code, kind.upper(), one["label"], one["datasetStructure"].rstrip(".")))
