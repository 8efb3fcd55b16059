// The large view: the pages of a response in a dialog, and the place on a page that a teacher marks as evidence.

import { byId, make, tell } from "./house.js";
import { act, workOf, pileOf } from "./sortstate.js";
import { askAside } from "./sortquestions.js";
import { fetchAhead, onView, pagesOf, showQuestion, shownQuestion, stepQuestion } from "./sortview.js";

const STEP = 0.02;
const big = byId("big");
let shown = null;      // { alias, list, targets(work) → [{ key, name, on, go }], moved(alias) }
let box = null;        // the place that the teacher is marking as evidence: { page, x, y, w, h }

export const isOpen = () => big.open;

/** Open a work large. `view` gives the row of works to walk along and what may be done with each. */
export function look(alias, view) {
  shown = { ...view, alias };
  endPointing();
  fill();
  if (!big.open) big.showModal();
  byId("big-pages").scrollTop = 0;
  big.scrollTop = 0; // in a low window the dialog scrolls as a whole
  byId("big-pages").focus({ preventScroll: true });
}

/** Show what has changed of the work that is open. */
export function refresh() {
  if (!big.open || !shown) return;
  if (!workOf(shown.alias)) { big.close(); return; }
  fillFoot();
}

function fill() {
  const { alias, list } = shown;
  const at = list.indexOf(alias);
  byId("big-name").textContent = alias;
  byId("big-name").append(make("span", { className: "small quiet" }, at < 0 ? "" : ` ${at + 1} of ${list.length}`));
  byId("big-pages").replaceChildren(...pagesOf(alias));
  byId("big-before").disabled = at <= 0;
  byId("big-next").disabled = at < 0 || at >= list.length - 1;
  byId("big-note").value = workOf(alias).note;
  fetchAhead(list[at + 1]);
  fillFoot();
}

function fillFoot() {
  const work = workOf(shown.alias);
  const targets = shown.targets(work);
  byId("big-targets").replaceChildren(...targets.map(({ key, name, on, go }) =>
    make("button", { type: "button", onclick: () => choose(go), attr: { "aria-pressed": String(on) } },
      ...(key ? [make("kbd", {}, key), " "] : []), name)));
  byId("big-targets").setAttribute("aria-label", shown.what);
  byId("big-aside").textContent = work.aside ? "Take back" : "Set aside";
  byId("big-point").hidden = shown.pass !== "piles" || !work.pile;
  byId("big-point").textContent = box ? "Keep this place" : "Show evidence";
  byId("big-point").classList.toggle("first", Boolean(box));
  if (document.activeElement === document.body) byId("big-pages").focus();
}

/** Put the open work somewhere and go on at once: what was asked is saved meanwhile, and a refusal is told. */
function choose(go) {
  go(shown.alias);
  walk(1);
}

export function walk(by) {
  const next = shown.list[shown.list.indexOf(shown.alias) + by];
  if (!next) return;
  keepNote();
  look(next, shown);
  shown.moved?.(next);
}

function keepNote() {
  const work = workOf(shown.alias);
  const said = byId("big-note").value.trim();
  if (work && said !== work.note) act("note", { alias: work.alias, note: said });
}

/** Set the open work aside, or take it back. */
export async function toggleAside() {
  const work = workOf(shown.alias);
  if (work.aside) await act("put", { alias: work.alias, pile: "" });
  else await askAside(work.alias);
  refresh();
}

export const zoom = () => {
  const larger = big.classList.toggle("larger");
  byId("big-zoom").setAttribute("aria-pressed", String(larger));
  byId("big-zoom").textContent = larger ? "Smaller" : "Larger";
};

// Evidence ------------------------------------------------------------------------------------------------------

const figureOf = (page) => byId("big-pages").querySelector(`[data-page="${page}"]`);

export function startPointing() {
  const work = workOf(shown.alias);
  if (shown.pass !== "piles" || !work.pile) return;
  if (box) { keepEvidence(); return; }
  if (shownQuestion() >= 0) showQuestion(-1); // a place is marked on the whole page
  box = { page: 1, x: 0.2, y: 0.4, w: 0.6, h: 0.12 };
  big.classList.add("pointing");
  drawBox();
  tell(`Drag over the place that shows “${work.pile}”, or move the box by arrows. Enter keeps it, Escape leaves it.`);
  fillFoot();
}

function endPointing() {
  box = null;
  big.classList.remove("pointing");
  byId("big-pages").querySelector(".mark")?.remove();
}

function drawBox() {
  byId("big-pages").querySelector(".mark")?.remove();
  const mark = make("div", { className: "mark", tabIndex: 0, attr: { role: "img", "aria-label": `Place on page ${box.page}` } });
  for (const [name, side] of [["left", "x"], ["top", "y"], ["width", "w"], ["height", "h"]]) mark.style[name] = `${box[side] * 100}%`;
  figureOf(box.page).append(mark);
  mark.focus({ preventScroll: false });
}

async function keepEvidence() {
  const work = workOf(shown.alias);
  const place = [box.x, box.y, box.w, box.h];
  const { page } = box;
  endPointing();
  byId("big-pages").focus();
  if (await act("point", { pile: pileOf(work), alias: work.alias, page, box: place })) tell(`Kept as evidence for “${work.pile}”.`, 3);
  refresh();
}

const within = (value, low, high) => Math.min(Math.max(value, low), high);

function moveBox(event) {
  const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
  if (event.key === "Enter") keepEvidence();
  else if (event.key === "Escape") { endPointing(); byId("big-pages").focus(); fillFoot(); }
  else if (event.key === "PageDown" || event.key === "PageUp") {
    box.page = within(box.page + (event.key === "PageDown" ? 1 : -1), 1, workOf(shown.alias).pages);
    drawBox();
  } else if (by && event.shiftKey) {
    box.w = within(box.w + by[0], STEP, 1 - box.x);
    box.h = within(box.h + by[1], STEP, 1 - box.y);
    drawBox();
  } else if (by) {
    box.x = within(box.x + by[0], 0, 1 - box.w);
    box.y = within(box.y + by[1], 0, 1 - box.h);
    drawBox();
  } else return false;
  event.preventDefault();
  return true;
}

byId("big-pages").addEventListener("pointerdown", (event) => {
  const figure = event.target.closest(".page");
  if (!box || !figure) return;
  event.preventDefault();
  const area = figure.getBoundingClientRect();
  const at = (e) => [within((e.clientX - area.left) / area.width, 0, 1), within((e.clientY - area.top) / area.height, 0, 1)];
  const [startX, startY] = at(event);
  const drag = (e) => {
    const [x, y] = at(e);
    box = { page: Number(figure.dataset.page), x: Math.min(x, startX), y: Math.min(y, startY), w: Math.abs(x - startX), h: Math.abs(y - startY) };
    if (box.w < STEP / 2 || box.h < STEP / 4) { box.w = Math.max(box.w, STEP / 2); box.h = Math.max(box.h, STEP / 4); }
    box.w = Math.min(box.w, 1 - box.x);
    box.h = Math.min(box.h, 1 - box.y);
    drawBox();
  };
  const end = () => { removeEventListener("pointermove", drag); removeEventListener("pointerup", end); };
  addEventListener("pointermove", drag);
  addEventListener("pointerup", end);
});

// Keys and buttons of the dialog ----------------------------------------------------------------------------------

big.addEventListener("cancel", (event) => {
  if (box) { event.preventDefault(); endPointing(); byId("big-pages").focus(); fillFoot(); }
});
big.addEventListener("close", () => { keepNote(); endPointing(); shown?.closed?.(shown.alias); });

big.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("ask").open || byId("keys").open) return;
  if (event.target.closest("select")) return;
  if (event.target.closest("input")) {
    if (event.key === "Enter") { keepNote(); byId("big-pages").focus(); }
    return;
  }
  if (box && moveBox(event)) { event.stopPropagation(); return; }
  const onButton = event.target.closest("button");
  const target = shown.targets(workOf(shown.alias)).find(({ key }) => key && key.toLowerCase() === event.key.toLowerCase());
  if (target) choose(target.go);
  else if (event.key === "ArrowLeft") walk(-1);
  else if (event.key === "ArrowRight" || (event.key === "Enter" && !onButton && shown.pass === "read")) walk(1);
  else if (event.key.toLowerCase() === "x") toggleAside();
  else if (event.key.toLowerCase() === "e") startPointing();
  else if (event.key.toLowerCase() === "q") stepQuestion(event.shiftKey ? -1 : 1);
  else if (event.key === "+" || event.key === "-") zoom();
  else if (event.key === "Backspace") shown.clear?.(shown.alias);
  else if (event.key.toLowerCase() === "n" && shown.fresh) shown.fresh(shown.alias);
  else return;
  event.preventDefault();
  event.stopPropagation();
});

byId("big-before").onclick = () => walk(-1);
byId("big-next").onclick = () => walk(1);
byId("big-zoom").onclick = zoom;
byId("big-point").onclick = startPointing;
byId("big-aside").onclick = toggleAside;
byId("big-close").onclick = () => big.close();
byId("big-note").onchange = keepNote;
onView(() => { if (big.open && shown) { endPointing(); fill(); } });

