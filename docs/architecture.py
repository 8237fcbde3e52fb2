"""Draw docs/architecture.svg, the rooms of the project and the imports between them.

    python docs/architecture.py     (or `make docs`)

A room is a folder, or a few files of one idea in the folder of a package. The imports are read from the code, those
within functions too; those for type checkers alone are left out. A test checks that the picture is current.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import graphviz
import grimp

from autograd.drawing.dot import render_dot

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/architecture.svg"
SVG = "{http://www.w3.org/2000/svg}"
PACKAGES = ("classifiers", "nn", "autograd")  # in the direction of the imports

# A folder is a room by itself. This table has the other rooms: modules in the folder of a package, by name.
ROOMS = {
    "classifiers": ("classifiers", "classifiers.callbacks", "classifiers.cifar10", "classifiers.history",
                    "classifiers.metrics"),
    "classifiers · images": ("classifiers.augmentation", "classifiers.features", "classifiers.preprocessing",
                            "classifiers.atomic_fit"),
    "nn": ("nn", "nn.architecture", "nn.files"),
    "nn · losses, penalties": ("nn.losses", "nn.penalties"),
    "nn · folding, gradient check": ("nn.folding", "nn.gradient_check"),
    "nn · clipping, schedules": ("nn.clipping", "nn.schedules"),
    "nn · module": ("nn.module", "nn.init", "nn.summary", "nn.validation", "nn.errors"),
    "autograd": ("autograd", "autograd.extend"),
    "autograd · functional": ("autograd.functional",),
    "autograd · unfolding": ("autograd.unfolding",),
    "autograd · small tools": ("autograd.atomic_write", "autograd.describe", "autograd.errors", "autograd.jit",
                              "autograd.numpy_tuning", "autograd.regular_file"),
}  # fmt: skip
HOMES = {module: room for room, modules in ROOMS.items() for module in modules}
PARTS = {"classifiers.plots.shared": "classifiers.plots"}  # folders drawn as part of another one

COLOURS = {"classifiers": "#fbe3d3", "nn": "#dbe9f6", "autograd": "#ddefdd"}
INK, WITHIN, BETWEEN = "#24292f", "#3d444d", "#8a939d"
WIDTHS = ((10, "3.2"), (4, "1.8"), (1, "1"))  # of lines, in points, from this number of imports on


def room(module: str, folders: set[str]) -> str:
    """Return the room that a module belongs to.

    Parameters
    ----------
    module : str
        The module.
    folders : set of str
        The modules that are packages.

    Returns
    -------
    str
        The room.

    Raises
    ------
    ValueError
        If the module is in the folder of a package and has no room.
    """
    if module in HOMES:
        return HOMES[module]
    folder = module if module in folders else module.rpartition(".")[0]
    if folder in PACKAGES:
        raise ValueError(f"{module} has no room; add it to ROOMS in docs/architecture.py")
    return PARTS.get(folder, folder)


@cache
def imports() -> Counter[tuple[str, str]]:
    """Count the imports between rooms.

    Returns
    -------
    Counter
        The number of imports, by importing and imported room.
    """
    graph = grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)
    folders = {name for name in graph.modules if graph.find_children(name)}
    found = Counter(
        (room(importing, folders), room(imported, folders))
        for importing in graph.modules
        for imported in graph.find_modules_directly_imported_by(importing)
    )
    return Counter({(start, end): count for (start, end), count in found.items() if start != end})


def contents() -> tuple[set[str], dict[tuple[str, str], str]]:
    """Return the rooms and the edges that the picture should show; for each edge the width of its line."""
    edges = {edge: next(width for least, width in WIDTHS if count >= least) for edge, count in imports().items()}
    return {room for edge in edges for room in edge}, edges


def package(room: str) -> str:
    """Return the package that a room belongs to."""
    return re.split(r" · |\.", room)[0]


def label(room: str) -> str:
    """Return the text in a room's box."""
    if room in PACKAGES:
        return "public names"
    name = room.removeprefix(package(room)).strip("·. ")
    return name.replace(", ", ",\\n") if room in ROOMS else f"{name}/"


def source() -> str:
    """Return the DOT text of the picture."""
    dot = graphviz.Digraph(
        graph_attr={
            "bgcolor": "white", "fontname": "Helvetica,Arial,sans-serif", "fontsize": "26", "fontcolor": INK,
            "nodesep": "0.18", "ranksep": "0.42", "newrank": "true", "pad": "0.1", "margin": "0",
        },
        node_attr={
            "shape": "box", "style": "filled,rounded", "fillcolor": "white", "color": INK, "fontcolor": INK,
            "fontname": "Helvetica,Arial,sans-serif", "fontsize": "22", "margin": "0.06,0.04", "height": "0.4",
        },
        edge_attr={"arrowsize": "0.6"},
    )  # fmt: skip
    rooms, edges = contents()
    for name in PACKAGES:
        with dot.subgraph(name=f"cluster_{name}") as cluster:
            cluster.attr(label=name, labeljust="l", style="filled,rounded", color=COLOURS[name], margin="10")
            for each in sorted(rooms):
                if package(each) == name:
                    cluster.node(each, label=label(each), tooltip=each)
    for (start, end), width in sorted(edges.items()):
        color = WITHIN if package(start) == package(end) else BETWEEN
        dot.edge(start, end, penwidth=width, color=color, tooltip=f"{start} imports {end}")
    return dot.source


def drawn(svg: str) -> tuple[set[str], dict[tuple[str, str], str]]:
    """Return the rooms and the edges that an SVG shows; for each edge the width of its line."""
    rooms, edges = set(), {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title") or ""
        if group.get("class") == "node":
            rooms.add(title)
        elif group.get("class") == "edge":
            start, _, end = title.partition("->")
            edges[start, end] = group.find(f".//{SVG}path").get("stroke-width", "1")
    return rooms, edges


def draw() -> str:
    """Return the picture as SVG."""
    svg = render_dot(source(), "svg").decode()
    return re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL)  # Graphviz's version, and each title again


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
    print(f"written: {PICTURE.relative_to(ROOT)}")
