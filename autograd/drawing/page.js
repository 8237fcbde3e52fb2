// What moves the page: one number, the current step, decides all that is seen.
"use strict";

const steps = JSON.parse(document.getElementById("steps").textContent);
const [graph, slider, play, speed, list] = ["graph", "slider", "play", "speed", "list"].map((id) => document.getElementById(id));
const texts = [...list.children].map((item) => item.textContent);
const last = steps.length - 1;
let current = 0;
let timer = null; // of the next step, while it plays

function show(step) {
  current = Math.max(0, Math.min(last, step));
  document.documentElement.dataset.kind = steps[current].kind;
  for (const layer of graph.querySelectorAll("[data-since]")) {
    const { since, until } = layer.dataset;
    layer.classList.toggle("shown", since <= current && !(until <= current)); // without `until`, to the end
  }
  for (const part of graph.querySelectorAll(".active")) part.classList.remove("active");
  const active = steps[current].active.map((id) => document.getElementById(id)).filter(Boolean);
  for (const part of active) part.classList.add("active");
  tell(steps[current]);
  slider.value = current;
  slider.setAttribute("aria-valuetext", `${current + 1} of ${steps.length}: ${texts[current]}`);
  [...list.children].forEach((item, index) => {
    if (index === current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  mark("first", current === 0);
  mark("back", current === 0);
  mark("forward", current === last);
  mark("last", current === last);
  reveal(active);
  // a notebook shows the page in a frame that has no address
  if (location.protocol !== "about:") history.replaceState(null, "", `#step=${current}`);
}

// The caption: the step's title, its formula piece by piece, its note.
function tell(step) {
  document.getElementById("title").replaceChildren(element("span", "count", `Step ${current + 1} of ${steps.length}`), step.title);
  document.getElementById("formula").replaceChildren(
    ...step.formula.map(([text, role, note]) => {
      const term = element("span", `term ${role}`, text);
      if (note) term.append(element("small", "", ` ${note} `));
      return term;
    }),
  );
  document.getElementById("note").textContent = step.note;
}

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

// Not `disabled`, which would take the focus away from whoever steps by this button.
function mark(id, atEnd) {
  document.getElementById(id).setAttribute("aria-disabled", atEnd);
}

// Scroll the graph, and not the page, so that what the step is about is in its middle: the gate, on the way back the
// edge. Where it is about many wires, and they do not fit, the first ones.
function reveal(active) {
  const heart = { forward: "gate", backward: "edge" }[steps[current].kind] ?? "wire";
  const parts = active.filter((part) => part.classList.contains(heart)).map((part) => part.getBoundingClientRect());
  if (!parts.length) return;
  const box = graph.getBoundingClientRect();
  const move = (start, end, size) => {
    const low = Math.min(...parts.map((part) => part[start])) - box[start];
    const high = Math.max(...parts.map((part) => part[end])) - box[start];
    return high - low > size ? low - 16 : (low + high - size) / 2;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  graph.scrollBy({
    left: move("left", "right", box.width),
    top: move("top", "bottom", box.height),
    behavior: calm ? "auto" : "smooth",
  });
}

// Playing

function setPlaying(wanted) {
  clearTimeout(timer);
  timer = wanted ? setTimeout(advance, Number(speed.value)) : null;
  play.setAttribute("aria-label", wanted ? "Pause" : "Play");
}

function advance() {
  show(current + 1);
  setPlaying(current < last);
}

function toggle() {
  const wanted = timer === null;
  if (wanted && current === last) show(0);
  setPlaying(wanted);
}

function go(step) {
  setPlaying(false);
  show(step);
}

// Controls

const controls = {
  first: () => go(0),
  back: () => go(current - 1),
  play: toggle,
  forward: () => go(current + 1),
  last: () => go(last),
};
for (const [id, act] of Object.entries(controls)) document.getElementById(id).addEventListener("click", act);
slider.addEventListener("input", () => go(slider.valueAsNumber));
speed.addEventListener("change", () => timer !== null && setPlaying(true));
[...list.children].forEach((item, index) => item.firstChild.addEventListener("click", () => go(index)));

const keys = { Home: "first", ArrowLeft: "back", " ": "play", ArrowRight: "forward", End: "last" };
document.addEventListener("keydown", (event) => {
  const own = event.key === " " ? "button, select, summary" : "select, input"; // these answer to the key themselves
  if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(own)) return;
  event.preventDefault();
  controls[keys[event.key]]();
});

// The step that the address names: #step=7
function addressed() {
  return Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? 0);
}
addEventListener("hashchange", () => addressed() !== current && go(addressed()));

document.documentElement.classList.add("stepping");
show(addressed());
