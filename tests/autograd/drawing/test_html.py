"""The page that steps through backpropagation, in a real browser that may load nothing but the page."""

import html
import re

import numpy as np
import pytest
from circuits import neuron_inputs, product, product_inputs, sigmoid_neuron

from autograd import Tensor, Value, draw
from autograd.drawing import colours

pytestmark = pytest.mark.usefixtures("renderer")
ADDRESS = "http://page.test/f.html"
STEPS = 9  # of f = (x + y) z: the inputs, two gates, the output, four edges, the gradients


SMALLEST = """Math.min(...[...graph.querySelectorAll("text")].map(
    text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""  # in screen pixels


def labelled(root, label="f"):
    root.label = label
    return root


def f():
    return labelled(product(*product_inputs()))


def neuron():
    return labelled(sigmoid_neuron(*neuron_inputs()))


def tensors():
    weight = Tensor(np.linspace(-1, 1, 6).reshape(2, 3), requires_grad=True, label="W")
    x = Tensor([1.0, -2.0, 0.5], label="x")
    bias = Tensor([0.1, 0.2], requires_grad=True, label="b")
    large = Tensor(np.linspace(-2, 2, 10).reshape(5, 2), requires_grad=True, label="V")
    return labelled((large @ np.tanh(weight @ x + bias)).sum(), "loss")


def html_of(root, **options):
    return draw(root, format="html", **options).render().decode()


@pytest.fixture
def watch(browser):
    """Open the page of a graph; afterwards, check that it raised no error and requested nothing else."""
    contexts, requests, errors = [], [], []

    def open_page(root_or_text, *, clock=False, path="", **settings):
        text = root_or_text if isinstance(root_or_text, str) else html_of(root_or_text)

        def answer(route):
            if route.request.url.partition("#")[0] == ADDRESS:
                route.fulfill(body=text, content_type="text/html; charset=utf-8")
            else:
                requests.append(route.request.url)
                route.abort()

        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **settings}
        )
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text))
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        if clock:
            page.clock.install()
        page.goto(ADDRESS + path)
        page.requests, page.errors = requests, errors
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert requests == []
    assert errors == []


def step(page):
    """The number of the current step, the same in slider, caption, list and address."""
    number = int(page.locator("#slider").input_value())
    assert page.locator(".count").inner_text().startswith(f"Step {number + 1} of ")
    assert page.evaluate("[...list.children].findIndex(item => item.ariaCurrent === 'step')") == number
    assert page.evaluate("location.hash") == f"#step={number}"
    return number


def seen(page, kind):
    """The visible texts of one kind in the graph, by the id of their wire or edge."""
    return page.evaluate(
        """kind => Object.fromEntries([...graph.querySelectorAll(`.${kind}[data-since]`)]
            .filter(group => getComputedStyle(group).visibility === "visible")
            .map(group => [group.parentNode.id, [...group.children].map(text => text.textContent).join("")]))""",
        kind,
    )


def formula(page):
    """The caption's formula as text."""
    return re.sub(r"\s+", " ", page.locator("#formula").text_content()).strip()


def test_values_appear_gate_by_gate_then_the_gradients_edge_by_edge(watch):
    page = watch(f())
    x, y, q, z, out = "wire0", "wire1", "wire2", "wire3", "wire4"
    inputs = {x: "−2", y: "5", z: "−4"}
    assert seen(page, "value") == inputs
    page.keyboard.press("ArrowRight")
    assert seen(page, "value") == inputs | {q: "3"}
    assert formula(page) == "q = x + y = −2 + 5 = 3"
    page.keyboard.press("ArrowRight")
    assert seen(page, "value") == inputs | {q: "3", out: "−12"}
    assert seen(page, "gradient") == seen(page, "product") == {}
    page.keyboard.press("ArrowRight")
    assert seen(page, "gradient") == {out: "1"}
    page.keyboard.press("ArrowRight")
    assert seen(page, "gradient") == {out: "1", q: "−4"}
    assert seen(page, "product") == {"edge4-0": "−4 × 1 = −4"}
    assert formula(page) == "−4 local × 1 upstream = −4 downstream"
    page.keyboard.press("End")
    assert seen(page, "gradient") == {out: "1", q: "−4", x: "−4", y: "−4", z: "3"}
    assert seen(page, "product") == {
        "edge4-0": "−4 × 1 = −4", "edge4-1": "3 × 1 = 3", "edge2-0": "1 × (−4) = −4", "edge2-1": "1 × (−4) = −4",
    }  # fmt: skip
    page.keyboard.press("Home")
    assert seen(page, "value") == inputs
    assert seen(page, "gradient") == seen(page, "product") == {}


def test_the_sigmoid_neuron(watch):
    text = html_of(neuron())
    assert len(text.encode()) < 200_000
    page = watch(text, path="#step=12")
    assert page.locator("#title").inner_text() == "Step 13 of 23Backward through exp to −1"
    assert formula(page) == "0.3679 local × (−0.5344) upstream = −0.1966 downstream"
    page.keyboard.press("End")
    for product_ in (
        "−1 × 0.1966 = −0.1966",
        "2 × 0.1966 = 0.3932",
        "−0.5344 × 1 = −0.5344",
        "0.3679 × (−0.5344) = −0.1966",
    ):
        assert product_ in seen(page, "product").values()
    named = page.locator(".wire", has=page.locator(".name", has_text="x1")).get_attribute("id")
    assert seen(page, "gradient")[named] == "−0.5898"


def test_highlights_the_parts_of_the_current_step(watch):
    page = watch(f(), path="#step=4")
    assert set(page.evaluate("[...document.querySelectorAll('.active')].map(part => part.id)")) == {
        "gate4", "out4", "wire4", "edge4-0", "wire2",
    }  # fmt: skip
    red = page.locator("#edge4-0 .line").evaluate("line => getComputedStyle(line).stroke")
    assert red == page.locator(".legend .gradient").evaluate("item => getComputedStyle(item).color")


def test_buttons(watch):
    page = watch(f())
    for name, reached in [
        ("Next step", 1),
        ("Last step", STEPS - 1),
        ("Previous step", STEPS - 2),
        ("First step", 0),
    ]:
        page.get_by_role("button", name=name, exact=True).click()
        assert step(page) == reached
    back = page.get_by_role("button", name="Previous step")
    assert back.get_attribute("aria-disabled") == "true"
    back.click(force=True)
    assert step(page) == 0


def test_keys(watch):
    page = watch(f())
    last = STEPS - 1
    for key, reached in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", last), ("ArrowRight", last),
                         ("Home", 0), ("ArrowLeft", 0), ("Control+ArrowRight", 0)]:  # fmt: skip
        page.keyboard.press(key)
        assert step(page) == reached
    page.locator("#forward").focus()
    page.keyboard.press("ArrowRight")  # also with the focus on a button
    page.keyboard.press("Enter")
    assert step(page) == 2
    page.keyboard.press("Space")  # activates the button instead of playing
    assert step(page) == 3
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    page.locator("#speed").focus()
    page.keyboard.press("ArrowRight")
    assert step(page) == 3


def test_the_slider(watch):
    page = watch(f())
    slider = page.get_by_role("slider", name="Step")
    slider.focus()
    for key, reached in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", STEPS - 1), ("Home", 0)]:
        page.keyboard.press(key)  # one step, though both the slider and the page listen
        assert step(page) == reached
    slider.fill("5")
    assert step(page) == 5
    assert slider.get_attribute("aria-valuetext").startswith("6 of 9: Backward through × to z: local 3 × upstream 1")


def test_playing_and_pausing(watch):
    page = watch(f(), clock=True)
    play = page.locator("#play")
    page.keyboard.press("Space")
    assert play.get_attribute("aria-label") == "Pause"
    page.clock.run_for(4100)
    assert step(page) == 2
    page.keyboard.press("Space")
    page.clock.run_for(10_000)
    assert step(page) == 2
    page.locator("#speed").select_option("fast")
    play.click()
    page.clock.run_for(1500)
    assert step(page) == 4
    page.keyboard.press("ArrowLeft")  # stepping by hand stops playing
    page.clock.run_for(10_000)
    assert step(page) == 3
    assert play.get_attribute("aria-label") == "Play"
    play.click()
    page.clock.run_for(30_000)
    assert step(page) == STEPS - 1
    assert play.get_attribute("aria-label") == "Play"
    play.click()  # restarts at the end
    assert step(page) == 0


def test_the_list_has_every_step_and_leads_to_it(watch):
    page = watch(f())
    page.locator("summary").click()
    items = page.locator("#list li")
    assert items.count() == STEPS
    assert items.nth(4).inner_text() == "Backward through × to q: local −4 × upstream 1 = downstream −4."
    items.nth(4).get_by_role("button").click()
    assert step(page) == 4
    assert page.locator("[aria-current=step]").count() == 1


def test_everything_can_be_read_without_the_script(watch):
    page = watch(f(), java_script_enabled=False)
    page.locator("summary").click()
    assert page.locator("#list li").count() == STEPS
    assert page.get_by_text("−12", exact=True).is_visible()


def test_screen_reader_texts(watch):
    page = watch(f(), path="#step=4")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Backpropagation from f, gate by gate"
    assert page.title() == "f · backpropagation, gate by gate"
    caption = page.locator("#caption")
    assert (caption.get_attribute("aria-live"), caption.get_attribute("aria-atomic")) == ("polite", "true")
    assert page.get_by_role("img", name="The graph; its steps are listed below.").count() == 1
    assert page.get_by_role("region", name="The graph").get_attribute("tabindex") == "0"
    names = page.evaluate("[...document.querySelectorAll('#buttons button')].map(button => button.ariaLabel)")
    assert names == ["First step", "Previous step", "Play", "Next step", "Last step"]
    assert page.get_by_role("combobox", name="Speed").count() == 1


def test_the_focus_is_visible(watch):
    page = watch(f())
    for _ in range(4):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert ring == ["solid", "3px"]


def brightness(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_in_light_and_dark_mode(watch, scheme):
    page = watch(f(), path="#step=8", color_scheme=scheme)

    def colour(place, kind="color"):
        return page.locator(place).first.evaluate("(element, kind) => getComputedStyle(element)[kind]", kind)

    paper, card = colour("body", "backgroundColor"), colour("#graph", "backgroundColor")
    assert (brightness(card) > 0.9) == (brightness(paper) > 0.8) == (scheme == "light")
    drawn = ["#graph .value text", "#graph .gradient text", "#graph .local", "#graph .name", "#graph .symbol"]
    texts = {place: colour(place, "fill") for place in drawn}
    texts |= {
        place: colour(place)
        for place in ["#title", ".count", "#note", "#formula .gradient", "h1", ".keys", ".backward"]
    }
    assert len(set(list(texts.values())[:3])) == 3
    for place, ink in texts.items():
        for ground in (paper, card):
            dark, light = sorted([brightness(ink), brightness(ground)])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, place  # AA
    if scheme == "light":
        ours = [f"rgb({', '.join(str(int(hue[i : i + 2], 16)) for i in (1, 3, 5))})" for hue in
                (colours.VALUE, colours.GRADIENT, colours.LOCAL)]  # fmt: skip
        assert list(texts.values())[:3] == ours


@pytest.mark.parametrize("root", [f, neuron, tensors])
def test_on_a_phone(watch, root):
    page = watch(root(), viewport={"width": 390, "height": 844}, has_touch=True)
    last = int(page.locator("#slider").get_attribute("max"))
    for number in range(last + 1):
        if number:
            page.locator("#forward").tap()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        box = page.locator("#graph").bounding_box()
        kind = page.evaluate("story[current].kind")
        for part in page.locator({"forward": ".gate.active", "backward": ".edge.active"}.get(kind, "#none")).all():
            inner = part.bounding_box()  # visible inside the graph's box
            assert box["x"] <= inner["x"] < inner["x"] + inner["width"] <= box["x"] + box["width"]
            assert box["y"] <= inner["y"] < inner["y"] + inner["height"] <= box["y"] + box["height"]
    assert page.evaluate(SMALLEST) >= 11
    for button in page.locator("#buttons button").all():
        size = button.bounding_box()
        assert min(size["width"], size["height"]) >= 44
    assert page.locator("#controls").bounding_box()["y"] + page.locator("#controls").bounding_box()["height"] <= 844


def test_on_a_wide_screen_no_text_is_small(watch):
    page = watch(neuron())
    assert page.evaluate(SMALLEST) >= 11
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_respects_reduced_motion(watch):
    moves = "line => getComputedStyle(line).animationName"
    assert (
        watch(f(), path="#step=4", reduced_motion="no-preference").locator("#edge4-0 .line").evaluate(moves) == "flow"
    )
    assert watch(f(), path="#step=4").locator("#edge4-0 .line").evaluate(moves) == "none"


def test_makes_no_requests_and_its_policy_forbids_them(watch, tmp_path):
    text = html_of(f())
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    page = watch(text)
    tried = """async () => [
        await fetch("http://elsewhere.test/").then(() => "reached", () => "refused"),
        await new Promise(resolve => {
            const image = new Image();
            image.onload = () => resolve("reached");
            image.onerror = () => resolve("refused");
            image.src = "http://elsewhere.test/image.png";
        })]"""
    assert page.evaluate(tried) == ["refused", "refused"]
    assert page.requests == []  # the page's policy refused them before any request
    assert len(page.errors) >= 2  # one for each of the two
    assert [line for line in page.errors if "Content Security Policy" not in line] == []
    page.errors.clear()
    assert "default-src 'none'" in page.locator("meta[http-equiv]").get_attribute("content")


def test_a_request_would_be_noticed(watch):
    """The assertion above can fail: a page without a policy makes a request."""
    page = watch("<!DOCTYPE html><link rel=icon href=data:,><img src=http://elsewhere.test/image.png>")
    assert page.requests == ["http://elsewhere.test/image.png"]
    page.requests.clear()
    page.errors.clear()


def test_works_from_a_file(watch, tmp_path, browser):
    path = tmp_path / "f.html"
    draw(f(), path)
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(path.as_uri() + "#step=4")
        assert formula(page) == "−4 local × 1 upstream = −4 downstream"
        page.keyboard.press("End")
        assert step(page) == STEPS - 1


def test_works_in_a_notebook(watch):
    frame = draw(f(), format="html")._repr_mimebundle_()["text/html"]
    page = watch(f"<!DOCTYPE html><link rel=icon href=data:,><body>{frame}")
    inside = page.frame_locator("iframe")
    inside.locator("#forward").click()
    assert inside.locator(".count").inner_text() == "Step 2 of 9"
    assert page.evaluate("location.hash") == ""


HOSTILE = "</script><img src=x onerror=alert(1)><!--list-->\"'&amp;{{}}\\N"


def test_hostile_labels_are_only_text(watch):
    x = Value(2.0, label=HOSTILE)
    page = watch(labelled(x * x, f"</title></style>{HOSTILE}"))
    assert page.locator("#wire0 .name").text_content() == HOSTILE
    page.keyboard.press("End")
    assert HOSTILE in formula(page)
    assert HOSTILE in page.locator("#list li").last.text_content()
    assert page.locator("h1").inner_text().startswith("Backpropagation from </title></style>")
    assert page.locator("img:not(svg)").count() == 0


def test_gradients_of_a_node_used_twice_add_up(watch):
    x = Value(3.0, label="x")
    page = watch(labelled(x * x, "y"), path="#step=3")
    assert seen(page, "gradient")["wire0"] == "3"
    page.keyboard.press("ArrowRight")
    assert seen(page, "gradient")["wire0"] == "3 + 3 = 6"
    assert page.locator("#note").inner_text() == "The gradients from several edges add up: 3 + 3 = 6."
    page.keyboard.press("ArrowRight")
    assert seen(page, "gradient")["wire0"] == "6"
    assert seen(page, "product") == {"edge1-0": "3 × 1 = 3", "edge1-1": "3 × 1 = 3"}


def test_tensors_show_numbers_or_shapes(watch):
    page = watch(tensors())
    page.keyboard.press("End")
    values, products = seen(page, "value"), seen(page, "product")
    assert "(5, 2) float64−2 … 2, mean 0" in values.values()
    assert "[[−1, −0.6, −0.2],[0.2, 0.6, 1]]" in values.values()
    assert "1 → [1, 1, 1, 1, 1]" in products.values()
    assert "[1, 1, 1, 1, 1] → (5, 2)" in products.values()
    (untracked,) = [wire for wire, text in values.items() if text == "[1, −2, 0.5]"]
    assert untracked not in seen(page, "gradient")


def test_equal_graphs_have_equal_pages():
    assert html_of(f()) == html_of(f())


def test_no_text_of_the_graph_covers_another(watch):
    """At the end, when everything is visible."""
    for root in (f(), neuron(), tensors()):
        page = watch(root)
        page.keyboard.press("End")
        overlapping = page.evaluate(
            """() => {
                const visible = text => getComputedStyle(text).visibility === "visible";
                const shown = [...graph.querySelectorAll("text")].filter(visible);
                const boxes = shown.map(text => [text.textContent, text.getBoundingClientRect()]);
                return boxes.flatMap(([one, a], index) => boxes.slice(index + 1).filter(([_, b]) =>
                    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 &&
                    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6).map(([other]) => [one, other]));
            }"""
        )
        assert overlapping == []


def test_a_tall_graph_leaves_room_for_caption_and_controls(watch):
    page = watch(html_of(neuron(), direction="TB"), path="#step=14")
    caption, controls = (page.locator(place).bounding_box() for place in ("#caption", "#controls"))
    assert caption["y"] + caption["height"] <= controls["y"]
    assert controls["y"] + controls["height"] <= 800


def test_the_direction_is_that_of_the_picture():
    tall = [float(size) for size in re.search(r'viewBox="([^"]*)"', html_of(neuron(), direction="TB"))[1].split()]
    assert tall[3] > tall[2]


def test_the_page_needs_no_backward_and_leaves_no_gradient():
    root = tensors()
    text = html_of(root)
    assert root.grad is None
    assert html.escape("∂loss/∂b") in text
