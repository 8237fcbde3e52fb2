// The number of the current frame decides everything that is visible.
"use strict";

const story = JSON.parse(document.getElementById("story").textContent);
const [graph, slider, play, speed, list] = ["graph", "slider", "play", "speed", "list"].map((id) => document.getElementById(id));
const texts = [...list.children].map((item) => item.textContent);
const last = story.length - 1;
let current = 0;
let timer = null; // for the next frame, while playing

function show(number) {
  current = Math.max(0, Math.min(last, number));
  document.documentElement.dataset.kind = story[current].kind;
  for (const text of graph.querySelectorAll("[data-since]")) {
    const { since, until } = text.dataset;
    text.classList.toggle("shown", since <= current && !(until <= current)); // without `until`, to the end
  }
  for (const part of graph.querySelectorAll(".active")) part.classList.remove("active");
  const active = story[current].active.map((id) => document.getElementById(id)).filter(Boolean);
  for (const part of active) part.classList.add("active");
  caption(story[current]);
  slider.value = current;
  slider.setAttribute("aria-valuetext", `${current + 1} of ${story.length}: ${texts[current]}`);
  [...list.children].forEach((item, index) => {
    if (index === current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  disable("first", current === 0);
  disable("back", current === 0);
  disable("forward", current === last);
  disable("last", current === last);
  scrollGraph(active);
  // in a notebook, the page is in an iframe without an address
  if (location.protocol !== "about:") history.replaceState(null, "", `#step=${current}`);
}

// Write the caption: title, formula and note.
function caption(frame) {
  document.getElementById("title").replaceChildren(element("span", "count", `Step ${current + 1} of ${story.length}`), frame.title);
  document.getElementById("formula").replaceChildren(
    ...frame.formula.map(([text, role, note]) => {
      const term = element("span", `term ${role}`, text);
      if (note) term.append(element("small", "", ` ${note} `));
      return term;
    }),
  );
  document.getElementById("note").textContent = frame.note;
}

function element(name, kind, text) {
  const created = document.createElement(name);
  created.className = kind;
  created.textContent = text;
  return created;
}

// Not the attribute `disabled`, which would take the focus away from the button.
function disable(id, disabled) {
  document.getElementById(id).setAttribute("aria-disabled", disabled);
}

// Scroll the graph, but not the page, so that the highlighted gate (forward) or edge (backward) is in the middle. If
// many wires are highlighted and do not fit, scroll to the first ones.
function scrollGraph(active) {
  const kind = { forward: "gate", backward: "edge" }[story[current].kind] ?? "wire";
  const parts = active.filter((part) => part.classList.contains(kind)).map((part) => part.getBoundingClientRect());
  if (!parts.length) return;
  const box = graph.getBoundingClientRect();
  const move = (start, end, size) => {
    const low = Math.min(...parts.map((part) => part[start])) - box[start];
    const high = Math.max(...parts.map((part) => part[end])) - box[start];
    return high - low > size ? low - 16 : (low + high - size) / 2;
  };
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  graph.scrollBy({
    left: move("left", "right", box.width),
    top: move("top", "bottom", box.height),
    behavior: reducedMotion ? "auto" : "smooth",
  });
}

// Playing

function setPlaying(playing) {
  clearTimeout(timer);
  timer = playing ? setTimeout(advance, Number(speed.value)) : null;
  play.setAttribute("aria-label", playing ? "Pause" : "Play");
}

function advance() {
  show(current + 1);
  setPlaying(current < last);
}

function toggle() {
  const playing = timer === null;
  if (playing && current === last) show(0);
  setPlaying(playing);
}

function go(number) {
  setPlaying(false);
  show(number);
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
  const handlers = event.key === " " ? "button, select, summary" : "select, input"; // these elements handle the key themselves
  if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(handlers)) return;
  event.preventDefault();
  controls[keys[event.key]]();
});

// The number in the address: #step=7
function addressed() {
  return Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? 0);
}
addEventListener("hashchange", () => addressed() !== current && go(addressed()));

document.documentElement.classList.add("stepping");
show(addressed());
