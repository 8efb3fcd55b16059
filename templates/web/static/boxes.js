// The places on the page: drawn, chosen, moved and resized, by mouse, touch and key. It tells what is wanted; it saves nothing.

import { byId, make } from "./house.js";

const SMALLEST = 0.006; // of the page: less is a click, not a box
const STEP = 0.004;
const QUIET = 450; // milliseconds without a key until a moved box is saved

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Boxes {
  /** `on` has: draw(box), resize(from, to), drop(entry), act(entry), choose(entry or null). */
  constructor(on) {
    this.on = on;
    this.sheet = byId("sheet");
    this.entries = [];
    this.chosen = null;
    this.keep = null; // the place that is to be chosen when the page is shown again: it was just drawn or moved
    this.drawing = false;
    this.timer = 0;
    this.sheet.addEventListener("pointerdown", (event) => this.#press(event));
    this.sheet.addEventListener("keydown", (event) => this.#key(event));
    this.sheet.addEventListener("focusin", (event) => this.#focused(event.target));
  }

  show(row, alias) {
    this.#settle();
    const wanted = this.keep ?? this.chosen?.box;
    const focused = this.chosen !== null && document.activeElement === this.chosen.element;
    this.sheet.querySelectorAll(".box").forEach((box) => box.remove());
    const rows = [
      ...row.covers.map((cover) => ({ box: cover.box, kind: cover.kind, by: cover.by })),
      ...row.flags.map((flag) => ({ box: flag.box, kind: flag.kind, by: "flag" })),
      ...row.dropped.map((box) => ({ box, kind: "taken away", by: "dropped" })),
    ];
    const field = rows.find((entry) => entry.kind === "name field");
    this.entries = rows.map((entry, index) => this.#made(entry, index, rows.length, entry === field ? alias : ""));
    const same = wanted && this.entries.find((entry) => entry.box.every((value, index) => Math.abs(value - wanted[index]) < 1e-4));
    this.chosen = null;
    this.on.choose(null);
    if (same) this.choose(same, { focus: focused });
  }

  #made(entry, index, count, alias) {
    const words = {
      mssw: `Cover: ${entry.kind}`, you: "Cover drawn by you", everywhere: "Cover on every page",
      flag: `May name somebody, not covered: ${entry.kind}`, dropped: "Cover that you took away",
    };
    const element = make("button", {
      type: "button", className: `box ${entry.by}${alias ? " named" : ""}`,
      attr: { "aria-label": `${words[entry.by]} (${index + 1} of ${count})` },
    });
    if (alias) element.append(make("span", { className: "signed", hidden: true }, alias));
    for (const edge of ["nw", "ne", "sw", "se"]) element.append(make("i", { data: { edge } }));
    const made = { ...entry, element, words: words[entry.by], moved: null };
    this.#place(made, entry.box);
    this.sheet.append(element);
    return made;
  }

  preview(on) {
    this.sheet.classList.toggle("preview", on);
    this.sheet.querySelectorAll(".signed").forEach((span) => { span.hidden = !on; });
  }

  #place(entry, [x, y, w, h]) {
    Object.assign(entry.element.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${h * 100}%` });
  }

  choose(entry, { focus = true } = {}) {
    if (this.chosen === entry) return;
    if (this.chosen) {
      this.#settle();
      this.chosen.element.classList.remove("is-chosen");
    }
    this.chosen = entry;
    if (!entry) this.keep = null;
    if (entry) {
      entry.element.classList.add("is-chosen");
      if (focus) entry.element.focus({ preventScroll: true });
    }
    this.on.choose(entry);
  }

  #focused(target) {
    const entry = this.entries.find((one) => one.element === target);
    if (entry) this.choose(entry, { focus: false });
  }

  /** Save what was moved by key, if anything was. */
  #settle() {
    clearTimeout(this.timer);
    const entry = this.chosen;
    if (entry?.moved) {
      const to = entry.moved;
      entry.moved = null;
      this.#resized(entry, to);
    }
  }

  #resized(entry, to) {
    this.keep = to;
    this.on.resize(entry, to);
  }

  #at(event) {
    const frame = this.sheet.getBoundingClientRect();
    return [clamp((event.clientX - frame.left) / frame.width, 0, 1), clamp((event.clientY - frame.top) / frame.height, 0, 1)];
  }

  #press(event) {
    if (event.button !== 0) return;
    const target = event.target.closest(".box");
    const entry = this.entries.find((one) => one.element === target);
    if (!entry && event.pointerType === "touch" && !this.drawing) {
      this.choose(null);
      return;
    }
    event.preventDefault();
    this.choose(entry ?? null);
    entry?.element.focus({ preventScroll: true });
    if (entry && (entry.by === "flag" || entry.by === "dropped")) return;
    this.sheet.setPointerCapture(event.pointerId);
    const start = this.#at(event);
    const drag = entry ? this.#dragging(entry, event.target.dataset.edge, start) : this.#drawingFrom(start);
    const move = (moved) => drag.move(this.#at(moved));
    const end = (ended) => {
      this.sheet.removeEventListener("pointermove", move);
      this.sheet.removeEventListener("pointerup", end);
      this.sheet.removeEventListener("pointercancel", end);
      drag.end(ended.type === "pointerup");
    };
    this.sheet.addEventListener("pointermove", move);
    this.sheet.addEventListener("pointerup", end);
    this.sheet.addEventListener("pointercancel", end);
  }

  #drawingFrom([x0, y0]) {
    const rubber = make("div", { className: "rubber" });
    this.sheet.append(rubber);
    let box = [x0, y0, 0, 0];
    return {
      move: ([x, y]) => {
        box = [Math.min(x, x0), Math.min(y, y0), Math.abs(x - x0), Math.abs(y - y0)];
        this.#place({ element: rubber }, box);
      },
      end: (done) => {
        rubber.remove();
        if (!done || box[2] < SMALLEST || box[3] < SMALLEST) return;
        this.keep = box;
        this.on.draw(box);
      },
    };
  }

  #dragging(entry, edge, [x0, y0]) {
    const from = entry.box;
    let to = from;
    return {
      move: ([x, y]) => {
        to = edge ? stretched(from, edge, x - x0, y - y0) : shifted(from, x - x0, y - y0);
        this.#place(entry, to);
      },
      end: (done) => {
        const far = to.some((value, index) => Math.abs(value - from[index]) > 0.002);
        if (done && far) this.#resized(entry, to);
        else this.#place(entry, from);
      },
    };
  }

  #key(event) {
    const entry = this.entries.find((one) => one.element === event.target);
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const fixed = entry.by === "flag" || entry.by === "dropped";
    if (event.key in arrows && !fixed) {
      const [dx, dy] = arrows[event.key];
      const from = entry.moved ?? entry.box;
      entry.moved = event.shiftKey ? stretched(from, "se", dx, dy) : shifted(from, dx, dy);
      this.#place(entry, entry.moved);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#settle(), QUIET);
    } else if ((event.key === "Delete" || event.key === "Backspace") && !fixed) {
      entry.moved = null;
      this.on.drop(entry);
    } else if (event.key === "Enter" && fixed) {
      this.on.act(entry);
    } else if (event.key === "Escape" || event.key === "Enter" || event.key === " ") {
      this.choose(null);
      byId("stage").focus({ preventScroll: true });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function shifted([x, y, w, h], dx, dy) {
  return [clamp(x + dx, 0, 1 - w), clamp(y + dy, 0, 1 - h), w, h];
}

function stretched([x, y, w, h], edge, dx, dy) {
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (edge.includes("w")) left = clamp(left + dx, 0, right - SMALLEST);
  if (edge.includes("e")) right = clamp(right + dx, left + SMALLEST, 1);
  if (edge.includes("n")) top = clamp(top + dy, 0, bottom - SMALLEST);
  if (edge.includes("s")) bottom = clamp(bottom + dy, top + SMALLEST, 1);
  return [left, top, right - left, bottom - top];
}
