"""What the tests share: a cache of their own, the digits, a small set that trains at once, and a
browser."""

import os
import shutil

import pytest
import torch
from playwright.sync_api import sync_playwright

from gencourse.data import Dataset, Split, mnist
from gencourse.training import reproducible


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache folder for trained weights, so that no test meets another's."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GENCOURSE_CACHE", str(folder))
    for name in ("GENCOURSE_SEED", "GENCOURSE_STRICT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def digits():
    return mnist()


@pytest.fixture(scope="session")
def few():
    """A data set of 600 random images that are not digits: the package must not mind."""
    with reproducible(0):
        images, labels = torch.rand(600, 1, 28, 28), torch.randint(10, (600,))
    train, test = Split(images[:500], labels[:500]), Split(images[500:], labels[500:])
    return Dataset("few", train, test, tuple("0123456789"))


@pytest.fixture(scope="module")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        message = f"no browser found, looked for {', '.join(names)}: nothing was opened"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)  # a reader without a browser can still test all the rest
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
