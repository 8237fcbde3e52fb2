"""The page that steps through backpropagation: the graph, its frames and their controls in one HTML file."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from autograd.drawing.colours import GRADIENT, VALUE, stylesheet
from autograd.drawing.dot import dot_source, render_dot
from autograd.drawing.labels import Labels
from autograd.drawing.story import EdgeText, Frame, Story, Term, WireText
from autograd.graph.node import Node

SVG = "{http://www.w3.org/2000/svg}"
LINE_HEIGHT = 14.4  # points, as Graphviz sets text of 12 points
LIFT = 3  # points to raise the text at edges by: Graphviz lets it touch the edge


def page(root: Node, direction: str, labels: Labels) -> str:
    """Return the page for the graph of a root, as one file that loads nothing else.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.
    direction : {"LR", "TB"}
        The direction of the graph.
    labels : Labels
        How to name nodes and format numbers.

    Returns
    -------
    str
        The HTML.

    Raises
    ------
    RuntimeError
        If there is no Graphviz to lay the graph out.

    Notes
    -----
    page.html is the template, page.css the style (with the colours of colours.py) and page.js the script. The content
    security policy of the page allows style and script by their hashes and no requests at all. All texts of the graph
    are in the markup, with the frames in which they are visible, and so is the list of frames: the page can be read
    without the script.
    """
    story = Story(root, labels)
    source = dot_source(story.wires, direction, labels, story.gradient_text, story.edge_text, legend="")
    graph = ET.fromstring(render_dot(source, "svg"))
    left, top, width, height = map(float, graph.get("viewBox", "0 0 1 1").split())
    backward = len(story.frames) - story.forward_frames
    sizes = f":root {{ --width: {width:.0f}px; --forward: {story.forward_frames}; --backward: {backward}; }}\n"
    style = stylesheet() + _file("page.css") + sizes
    script = _file("page.js")
    name = html.escape(labels.name(root))
    parts = {
        "title": f"{name} · backpropagation, gate by gate" if name else "Backpropagation, gate by gate",
        "output": f" from <i>{name}</i>" if name else "",
        "policy": f"script-src {_hash(script)}; style-src {_hash(style)}",
        "style": style,
        "script": script,
        "graph": _svg(graph, story, f"{left:g} {top:g} {width:g} {height:g}"),
        "list": "\n".join(f"<li><button>{html.escape(frame.sentence)}</button></li>" for frame in story.frames),
        "last": str(len(story.frames) - 1),
        "story": _json(story.frames),
    }
    text = _file("page.html")
    for part, content in parts.items():  # no content can hold a placeholder: every "<" of the user's is escaped
        text = text.replace(f"<!--{part}-->", content)
    return text


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash of a script or a style for the content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(frames: list[Frame]) -> str:
    """The frames as data for the script, without "<", so that no label can close the element around them."""
    data = [frame._asdict() for frame in frames]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


# The graph: Graphviz decides on the positions, the style on the looks, and the story on what is visible when.


def _svg(laid_out: ET.Element, story: Story, view: str) -> str:
    """The graph as SVG inside HTML: each part is a group with its id, each text has the frames it is visible in."""
    attributes = {"viewBox": view, "role": "img", "aria-label": "The graph; its steps are listed below."}
    svg = ET.Element("svg", attributes)
    canvas = laid_out.find(f"{SVG}g")
    if canvas is None:  # Graphviz always draws one
        return ""
    moved = ET.SubElement(svg, "g", {"transform": canvas.get("transform", "")})
    for group in canvas.iter(f"{SVG}g"):
        name = group.get("id", "")
        kind = name.rstrip("0123456789-")
        if kind in ("wire", "gate", "edge", "out"):
            part = ET.SubElement(moved, "g", {"id": name, "class": kind})
            part.extend(_wire(group, story) if kind == "wire" else _shapes(group))
            if name in story.edge_texts:
                part.append(_edge_text(group, story.edge_texts[name]))
    return ET.tostring(svg, encoding="unicode")


def _shapes(group: ET.Element) -> Iterator[ET.Element]:
    """The line and the arrowhead of an edge; the circle of a gate, its symbol, and its name as a tooltip."""
    for link in group.iter(f"{SVG}a"):
        tooltip = ET.Element("title")
        tooltip.text = link.get("{http://www.w3.org/1999/xlink}title")
        yield tooltip
    for circle in group.iter(f"{SVG}ellipse"):
        yield ET.Element("ellipse", {key: circle.attrib[key] for key in ("cx", "cy", "rx", "ry")})
        yield from (_text("symbol", *_position(text), text.text or "") for text in group.iter(f"{SVG}text"))
    for path in group.iter(f"{SVG}path"):
        yield ET.Element("path", {"class": "line", "d": path.attrib["d"]})
    for tip in group.iter(f"{SVG}polygon"):
        yield ET.Element("polygon", {"class": "tip", "points": tip.attrib["points"]})


def _wire(group: ET.Element, story: Story) -> Iterator[ET.Element]:
    """A wire's line, its name, and all its texts in all frames, centered on the line."""
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
            heights[role].append(_position(text)[1])
        else:
            name = _text("name", *_position(text), text.text or "")
            name.set("text-anchor", "start")
            yield name
    for role, found in heights.items():
        texts = story.wire_texts[group.attrib["id"], role]
        yield from (_wire_text(text, role, middle, found) for text in texts)


def _wire_text(text: WireText, role: str, x: float, heights: list[float]) -> ET.Element:
    """One text of a wire, with the frames it is visible in."""
    group = ET.Element("g", {"class": role, "data-since": str(text.since)})
    if text.until is not None:
        group.set("data-until", str(text.until))
    for count, line in enumerate(text.text.lines):
        group.append(_text("", x, heights[0] + LINE_HEIGHT * count, line.strip()))
    if text.text.small:
        group.append(_text("small", x, heights[-1], text.text.small))
    return group


def _edge_text(group: ET.Element, text: EdgeText) -> ET.Element:
    """local × upstream = downstream at an edge, each in its color."""
    product = ET.Element("g", {"class": "product", "data-since": str(text.since)})
    for laid_out, line in zip(group.iter(f"{SVG}text"), text.lines, strict=False):
        x, y = _position(laid_out)
        element = _text("", x, y - LIFT, "")
        element.extend(_span(term) for term in line)
        product.append(element)
    return product


def _span(term: Term) -> ET.Element:
    span = ET.Element("tspan", {"class": term.role} if term.role else {})
    span.text = term.text
    return span


def _text(kind: str, x: float, y: float, content: str) -> ET.Element:
    text = ET.Element("text", {"x": f"{x:g}", "y": f"{y:g}", **({"class": kind} if kind else {})})
    text.text = content
    return text


def _position(text: ET.Element) -> tuple[float, float]:
    return float(text.attrib["x"]), float(text.attrib["y"])
