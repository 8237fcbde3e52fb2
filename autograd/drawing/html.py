"""The page on which one watches backpropagation: the graph, its steps and their controls in one HTML file."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from autograd.drawing.dot import GRADIENT, VALUE, rendered, source
from autograd.drawing.labels import Writing
from autograd.drawing.story import EdgeText, Layer, Step, Story, Term
from autograd.graph.node import Node

SVG = "{http://www.w3.org/2000/svg}"
LINE = 14.4  # points from line to line, as Graphviz sets text of 12 points
LIFT = 3  # points by which text stands higher than Graphviz has it, who lets it touch the edge


def page(root: Node, direction: str, writing: Writing) -> str:
    """The page for the graph of `root`, as one file that asks for nothing else.

    page.html is its frame, page.css its looks and page.js what moves it; the policy in its head lets these two run,
    by their hashes, and nothing be fetched. Every text of the graph is in the markup, with the steps at which it
    shows, and so are all the steps: what can be read does not hang on the script.
    """
    story = Story(root, writing)
    graph = ET.fromstring(
        rendered(source(story.wires, direction, writing, story.below, story.beside, legend=""), "svg")
    )
    left, top, width, height = map(float, graph.get("viewBox", "0 0 1 1").split())
    backward = len(story.steps) - story.forward_steps
    style = _file("page.css") + (
        f":root {{ --width: {width:.0f}px; --forward: {story.forward_steps}; --backward: {backward}; }}\n"
    )
    script = _file("page.js")
    name = html.escape(writing.name(root))
    parts = {
        "title": f"{name} · backpropagation, gate by gate" if name else "Backpropagation, gate by gate",
        "output": f" from <i>{name}</i>" if name else "",
        "policy": f"script-src {_hash(script)}; style-src {_hash(style)}",
        "style": style,
        "script": script,
        "graph": _stage(graph, story, f"{left:g} {top:g} {width:g} {height:g}"),
        "list": "\n".join(f"<li><button>{html.escape(step.text)}</button></li>" for step in story.steps),
        "last": str(len(story.steps) - 1),
        "steps": _json(story.steps),
    }
    text = _file("page.html")
    for part, content in parts.items():  # no content holds a mark: in what a user wrote there is no "<"
        text = text.replace(f"<!--{part}-->", content)
    return text


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(steps: list[Step]) -> str:
    """The steps as data for the script; no "<", so that no label can end the element that holds them."""
    data = [step._asdict() for step in steps]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


# The graph: where things are is Graphviz's, what they look like is the style's, and when they show is the story's.


def _stage(laid_out: ET.Element, story: Story, view: str) -> str:
    """The graph as SVG to stand within HTML: each part a group with its name, each text with the steps it shows at."""
    stage = ET.Element("svg", {"viewBox": view, "role": "img", "aria-label": "The graph; the steps below tell it."})
    canvas = laid_out.find(f"{SVG}g")
    if canvas is None:  # Graphviz always draws one
        return ""
    moved = ET.SubElement(stage, "g", {"transform": canvas.get("transform", "")})
    for group in canvas.iter(f"{SVG}g"):
        name = group.get("id", "")
        kind = name.rstrip("0123456789-")
        if kind in ("wire", "gate", "edge", "out"):
            part = ET.SubElement(moved, "g", {"id": name, "class": kind})
            part.extend(_wire(group, story) if kind == "wire" else _shapes(group))
            if name in story.edge_texts:
                part.append(_product(group, story.edge_texts[name]))
    return ET.tostring(stage, encoding="unicode")


def _shapes(group: ET.Element) -> Iterator[ET.Element]:
    """The line of an edge and its tip; the circle of a gate, its symbol, and its name for whoever points at it."""
    for link in group.iter(f"{SVG}a"):
        tooltip = ET.Element("title")
        tooltip.text = link.get("{http://www.w3.org/1999/xlink}title")
        yield tooltip
    for circle in group.iter(f"{SVG}ellipse"):
        yield ET.Element("ellipse", {key: circle.attrib[key] for key in ("cx", "cy", "rx", "ry")})
        yield from (_text("symbol", *_place(text), text.text or "") for text in group.iter(f"{SVG}text"))
    for path in group.iter(f"{SVG}path"):
        yield ET.Element("path", {"class": "line", "d": path.attrib["d"]})
    for tip in group.iter(f"{SVG}polygon"):
        yield ET.Element("polygon", {"class": "tip", "points": tip.attrib["points"]})


def _wire(group: ET.Element, story: Story) -> Iterator[ET.Element]:
    """The wire's line, its name, and all that stands above and below it by and by, in the middle of the line."""
    points = [point.split(",") for polygon in group.iter(f"{SVG}polygon") for point in polygon.attrib["points"].split()]
    xs, y = [float(x) for x, _ in points], points[0][1]
    # a little longer, so that it meets the edges
    yield ET.Element("path", {"class": "line", "d": f"M{min(xs) - 1:g},{y}H{max(xs) + 1:g}"})
    middle = (min(xs) + max(xs)) / 2
    roles = {VALUE: "value", GRADIENT: "gradient"}
    heights: dict[str, list[float]] = {"value": [], "gradient": []}
    for text in group.iter(f"{SVG}text"):
        role = roles.get(text.get("fill", ""))
        if role:
            heights[role].append(_place(text)[1])
        else:
            name = _text("name", *_place(text), text.text or "")
            name.set("text-anchor", "start")
            yield name
    for role, found in heights.items():
        yield from (_layer(layer, role, middle, found) for layer in story.layers[group.attrib["id"], role])


def _layer(layer: Layer, role: str, x: float, heights: list[float]) -> ET.Element:
    shown = ET.Element("g", {"class": role, "data-since": str(layer.since)})
    if layer.until is not None:
        shown.set("data-until", str(layer.until))
    for count, line in enumerate(layer.text.lines):
        shown.append(_text("", x, heights[0] + LINE * count, line.strip()))
    if layer.text.small:
        shown.append(_text("small", x, heights[-1], layer.text.small))
    return shown


def _product(group: ET.Element, product: EdgeText) -> ET.Element:
    """local × upstream = downstream at an edge, each in its colour."""
    shown = ET.Element("g", {"class": "product", "data-since": str(product.since)})
    for place, line in zip(group.iter(f"{SVG}text"), product.lines, strict=False):
        x, y = _place(place)
        text = _text("", x, y - LIFT, "")
        text.extend(_span(term) for term in line)
        shown.append(text)
    return shown


def _span(term: Term) -> ET.Element:
    span = ET.Element("tspan", {"class": term.role} if term.role else {})
    span.text = term.text
    return span


def _text(kind: str, x: float, y: float, content: str) -> ET.Element:
    text = ET.Element("text", {"x": f"{x:g}", "y": f"{y:g}", **({"class": kind} if kind else {})})
    text.text = content
    return text


def _place(text: ET.Element) -> tuple[float, float]:
    return float(text.attrib["x"]), float(text.attrib["y"])
