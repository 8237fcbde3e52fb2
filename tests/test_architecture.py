"""docs/architecture.md: its picture is current, what it names exists, and its routes are those that the code takes."""

import ast
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from autograd.gates import GATES
from autograd.graph import value_codegen

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)` · `([\w.]+)`", PAGE)


@pytest.fixture(scope="module")
def architecture():
    spec = importlib.util.spec_from_file_location("architecture", ROOT / "docs/architecture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def section(heading):
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def block(heading):
    return re.search(r"^```python\n(.*?)^```", section(heading), re.MULTILINE | re.DOTALL)[1]


def tables(heading):
    """The stations of each table of a section: file and name."""
    found = [re.findall(r"^\| `([\w/]+\.py)` · `([\w.]+)` \|", part, re.M) for part in section(heading).split("\n\n")]
    return [stations for stations in found if stations]


@cache
def names(path):
    """Everything that a file defines: functions, classes, their members, and module-level names, imported or not."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{member.name}" for member in node.body if isinstance(member, ast.FunctionDef)}
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return found


def calls(code):
    """The file and the qualified name of each function of the project that a program calls, in order."""
    found = []

    def note(frame, event, _):
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT):
            found.append((path.relative_to(ROOT).as_posix(), frame.f_code.co_qualname))

    compiled = compile(code, "program", "exec")
    sys.setprofile(note)
    try:
        exec(compiled, {})
    finally:
        sys.setprofile(None)
    return found


def missed(stations, called):
    """The first station that the calls do not reach, after the stations before it; None if they reach all."""
    rest = iter(called)
    for path, name in stations:
        rules = name.isupper()  # a gate or the table of gates: its rules are lambdas
        for where, what in rest:
            if where == path and (
                what == name or what.startswith(f"{name}.<locals>") or (rules and "<lambda>" in what)
            ):
                break
        else:
            return f"{path} · {name}"
    return None


def test_the_picture_is_current(architecture):
    committed = architecture.drawn(architecture.PICTURE.read_text(encoding="utf-8"))
    rooms, edges = architecture.contents()
    assert committed == (rooms, edges), "run `make docs`"


def test_the_picture_is_drawn_as_it_is_described(architecture, renderer):
    assert architecture.drawn(architecture.draw()) == architecture.contents()


def test_every_room_is_described(architecture):
    rows = re.findall(r"^\| (.+?) \| .+ \| `(.+?)` \|$", section("The folders"), re.M)
    assert {room for room, _ in rows} == architecture.contents()[0]


def test_a_module_without_a_room_is_refused(architecture):
    with pytest.raises(ValueError, match=r"nn.extra has no room; add it to ROOMS"):
        architecture.room("nn.extra", {"nn"})


def test_files_on_the_page_exist():
    paths = re.findall(r"`([\w.]+(?:/[\w.]+)+)`", PAGE)
    assert len(paths) > 60
    assert not [path for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_names_on_the_page_exist(path, name):
    assert name in names(path)


def test_a_tensor_takes_the_route_on_the_page():
    (stations,) = tables("A Tensor's route")
    assert len(stations) > 15
    assert missed(stations, calls(block("A Tensor's route"))) is None


@pytest.fixture
def fresh():
    """No code generated and no rule written as text yet, as in a new process."""
    value_codegen.disable()
    for gate in GATES.values():
        vars(gate).pop("python_text", None)  # a cached property
    yield
    value_codegen.disable()
    value_codegen.enable()


def test_a_value_takes_the_routes_on_the_page(fresh, capsys):
    readable, generated = tables("A Value's route")
    assert missed(readable, calls(block("A Value's route"))) is None
    value_codegen.enable()
    assert missed(generated, calls(block("A Value's route"))) is None
    assert missed([("autograd/graph/value.py", "Value.chain_rule")], calls(block("A Value's route"))) is not None
    assert capsys.readouterr().out == "3.0 2.0\n" * 3


def test_a_station_that_is_left_out_is_noticed():
    called = [("a.py", "f"), ("b.py", "g")]
    assert missed([("a.py", "f"), ("b.py", "g")], called) is None
    assert missed([("b.py", "g"), ("a.py", "f")], called) == "a.py · f"
