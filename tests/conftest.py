"""What the tests share: the circuits of the slides, and real data where it is there."""

import shutil
import signal
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "demos"))  # as `python demos/NAME.py` has it

# Ctrl-C is tested, also where the tests run in the background of a shell, which has its programs ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Derandomised: a failure is the same on every machine; no deadline, as machines are of unequal speed.
hypothesis.settings.register_profile("gatewise", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("gatewise")


@pytest.fixture(scope="session")
def cifar10():
    """The real CIFAR-10, never downloaded by a test."""
    from classifiers import fetch_cifar10

    try:
        return fetch_cifar10(download_if_missing=False)
    except FileNotFoundError as error:
        pytest.skip(f"wants real data: {error}")


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory):
    from classifiers import fetch_stand_in

    return fetch_stand_in(tmp_path_factory.mktemp("stand-in"))


@pytest.fixture(scope="session")
def renderer():
    """Something that renders pictures: Graphviz's dot, or pygraphviz."""
    from autograd import Value, draw

    try:
        draw(Value(1.0)).render("svg")
    except RuntimeError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def browser():
    """A Chromium without a window, as the system has it; tests open pages of their own in it."""
    driver = pytest.importorskip("playwright.sync_api", reason="wants playwright: pip install playwright")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("wants Chromium, e.g. apt install chromium")
    quiet = ["quic", "background-networking", "component-update", "sync"]  # of itself it asks for nothing
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{thing}" for thing in quiet)]
    with driver.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
