"""Shared by all tests: the demos on the path, real data if available, a renderer and a browser."""

import shutil
import signal
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "demos"))  # as in `python demos/NAME.py`

# Tests send Ctrl-C. A shell lets programs in the background ignore it, so restore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Derandomised, so that failures are the same on every machine; no deadline, since machines differ in speed.
hypothesis.settings.register_profile("gatewise", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("gatewise")


@pytest.fixture(scope="session")
def cifar10():
    """The real CIFAR-10; tests never download it."""
    from classifiers import fetch_cifar10

    try:
        return fetch_cifar10(download_if_missing=False)
    except FileNotFoundError as error:
        pytest.skip(f"needs real data: {error}")


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory):
    from classifiers import fetch_stand_in

    return fetch_stand_in(tmp_path_factory.mktemp("stand-in"))


@pytest.fixture(scope="session")
def renderer():
    """Skip tests that render pictures unless Graphviz's dot or pygraphviz is available."""
    from autograd import Value, draw

    try:
        draw(Value(1.0)).render("svg")
    except RuntimeError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium without a window; each test opens its own pages.

    While it runs, Playwright's event loop runs in this thread, so tests start theirs in another thread.
    """
    driver = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("needs Chromium, e.g. apt install chromium")
    quiet = ["quic", "background-networking", "component-update", "sync"]  # no requests of its own
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{thing}" for thing in quiet)]
    with driver.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
