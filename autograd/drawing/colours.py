"""Colours: those of pictures of graphs, and of the page that steps through backpropagation, in light and dark.

Change one here, and pictures and pages follow. The colours of plots are in `classifiers/plots/shared/style.py`.
"""

from __future__ import annotations

VALUE, GRADIENT, LOCAL = "#1a7f37", "#c0271d", "#1f5fbf"  # values, upstream gradients, local gradients
INK = "#24292f"  # lines and text of pictures

LIGHT = {  # the colours of the page by the names that page.css uses
    "paper": "#f4f5f7", "card": "#ffffff", "ink": "#1f2328", "quiet": "#57606a", "rule": "#d0d7de", "wire": "#6e7781",
    "value": VALUE, "gradient": GRADIENT, "local": LOCAL, "focus": LOCAL,
}  # fmt: skip
DARK = {
    "paper": "#0d1117", "card": "#161b22", "ink": "#e6edf3", "quiet": "#9ea7b3", "rule": "#30363d", "wire": "#8b949e",
    "value": "#56d364", "gradient": "#ff8e85", "local": "#79b8ff", "focus": "#79b8ff",
}  # fmt: skip


def stylesheet() -> str:
    """Return the CSS that defines the colours of the page: the dark ones where the reader's system asks for them.

    Returns
    -------
    str
        Custom properties of the root element, such as ``--value``.
    """
    light, dark = (" ".join(f"--{name}: {colour};" for name, colour in scheme.items()) for scheme in (LIGHT, DARK))
    return (
        f":root {{ color-scheme: light dark; {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
