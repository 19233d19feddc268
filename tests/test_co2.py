"""The monthly carbon dioxide is what its README says, and a damaged file is refused."""

import hashlib
import re
import runpy
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets import load_co2

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "data" / "co2_monthly.csv"
SECTION = (ROOT / "data" / "README.md").read_text(encoding="utf-8").split("## co2_monthly.csv")[1]
script = runpy.run_path(str(ROOT / "tools" / "make_co2.py"))


def test_the_readme_has_the_checksum():
    section = SECTION.split("\n## ")[0]
    assert re.findall("[0-9a-f]{64}", section) == [hashlib.sha256(FILE.read_bytes()).hexdigest()]


def test_every_month_of_37_years_has_its_line():
    header, *lines = FILE.read_text(encoding="utf-8").splitlines()
    months = [f"{year}-{month:02d}" for year in range(1965, 2002) for month in range(1, 13)]
    assert header == "month,ppm"
    assert [line.partition(",")[0] for line in lines] == months
    assert all(re.fullmatch(r"\d{4}-\d\d,\d{3}\.\d\d", line) for line in lines)


def test_the_values_are_those_of_the_file():
    ppm = load_co2()
    assert ppm.shape == (444,) and ppm.dtype == float
    assert (ppm[0], ppm[1], ppm[-1]) == (319.40, 320.45, 371.02)


def test_spring_is_high_and_autumn_low_in_every_year():
    years = load_co2().reshape(37, 12)
    april, may, september, october = 3, 4, 8, 9
    assert set(years.argmax(axis=1)) == {april, may}
    assert set(years.argmin(axis=1)) == {september, october}
    assert np.all(np.diff(years.mean(axis=1)) > 0)


def test_a_change_to_what_was_loaded_stays_with_the_reader():
    load_co2()[:] = 0
    assert load_co2().min() > 300


@pytest.mark.parametrize("damage", [None, lambda b: b[:-1], lambda b: b.replace(b"\n", b"\r\n")])
def test_a_missing_or_damaged_file_says_how_to_get_it_back(tmp_path, monkeypatch, damage):
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    if damage:
        (tmp_path / FILE.name).write_bytes(damage(FILE.read_bytes()))
    expected = ValueError if damage else FileNotFoundError
    with pytest.raises(
        expected, match=r"^co2_monthly\.csv .*`git checkout data/co2_monthly\.csv`$"
    ):
        load_co2()


def test_the_script_takes_the_mean_of_the_weeks_that_were_measured(tmp_path):
    weeks = "date,co2\n19641226,300\n19650102,320.1\n19650109,\n19650116,320.2\n19650206,321\n"
    with ZipFile(tmp_path / "statsmodels.whl", "w") as wheel:
        wheel.writestr("statsmodels/datasets/co2/co2.csv", weeks)
    means = script["monthly_means"](tmp_path / "statsmodels.whl")
    assert means == {"1965-01": pytest.approx(320.15), "1965-02": 321}
