"""Write data/co2_monthly.csv from the package statsmodels 0.15.0, a wheel of which pip fetches.

pip download --no-deps statsmodels==0.15.0
python tools/make_co2.py statsmodels-0.15.0-*.whl
"""

import csv
import io
import sys
from pathlib import Path
from statistics import mean
from zipfile import ZipFile

TARGET = Path(__file__).resolve().parent.parent / "data" / "co2_monthly.csv"
FIRST = "1965-01"  # from here on no month is without a measurement


def monthly_means(wheel):
    """Return {month: mean of its weekly values in ppm}, from January 1965."""
    with ZipFile(wheel) as package:
        text = package.read("statsmodels/datasets/co2/co2.csv").decode("ascii")
    weeks = {}
    for row in csv.DictReader(io.StringIO(text)):
        month = f"{row['date'][:4]}-{row['date'][4:6]}"
        if month >= FIRST and row["co2"]:
            weeks.setdefault(month, []).append(float(row["co2"]))
    return {month: mean(values) for month, values in weeks.items()}


if __name__ == "__main__":
    lines = [f"{month},{ppm:.2f}\n" for month, ppm in monthly_means(sys.argv[1]).items()]
    TARGET.write_text("".join(["month,ppm\n", *lines]), encoding="utf-8", newline="\n")
