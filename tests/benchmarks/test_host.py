"""The description of the host: no names of machines, users or folders."""

import platform
import re

from benchmarks import host
from benchmarks.peers import Missing

PATH = re.compile(r"(^|[\s`('\"])/\w|[A-Z]:\\", re.MULTILINE)


def test_describes_the_host_without_names_or_folders(monkeypatch):
    def load(name):
        raise Missing(f"{name}: not installed, skipped")

    monkeypatch.setattr(host, "load", load)  # torch takes seconds
    facts = host.facts()
    assert facts["torch"] == "torch: not installed, skipped"
    text = " ".join(facts.values())
    assert re.search(r"\d+ cores, .+ of memory", text)
    assert "numpy " in text
    assert not PATH.search(text)
    assert platform.node() not in text
