// The places on the page: drawn, chosen, moved and resized, by mouse, touch and key. It tells what is wanted; it saves nothing.

import { make } from "./house.js";

const SMALLEST = 0.006; // of the page: less is a click, not a box
const STEP = 0.004;
const QUIET = 450; // milliseconds without a key until a moved box is saved

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class Boxes {
  /** `on` has: draw(box), resize(entry, to), drop(entry), act(entry), choose(entry or null), drawing(whether). */
  constructor(on, sheet, stage) {
    this.on = on;
    this.sheet = sheet;
    this.stage = stage;
    this.entries = [];
    this.chosen = null;
    this.keep = null; // the place that is to be chosen when the page is shown again: it was just drawn or moved
    this.pending = null; // the cover that is being drawn by key: nothing of it is saved until Enter
    this.timer = 0;
    this.sheet.addEventListener("pointerdown", (event) => this.#press(event));
    this.sheet.addEventListener("keydown", (event) => this.#key(event));
    this.sheet.addEventListener("focusin", (event) => this.#focused(event.target));
  }

  show(row, alias) {
    this.#settle();
    const { pending } = this;
    const wanted = this.keep ?? this.chosen?.box;
    const focused = this.chosen !== null && document.activeElement === this.chosen.element;
    this.sheet.querySelectorAll(".box").forEach((box) => { if (box !== pending?.element) box.remove(); });
    const rows = [
      ...row.covers.map((cover) => ({ box: cover.box, kind: cover.kind, by: cover.by })),
      ...row.flags.map((flag) => ({ box: flag.box, kind: flag.kind, by: "flag" })),
      ...row.dropped.map((box) => ({ box, kind: "taken away", by: "dropped" })),
    ];
    const field = rows.find((entry) => entry.kind === "name field");
    this.entries = rows.map((entry, index) => this.#made(entry, index, rows.length, entry === field ? alias : ""));
    if (pending) {
      this.entries.push(pending);
      return;
    }
    const same = wanted && this.entries.find((entry) => entry.box.every((value, index) => Math.abs(value - wanted[index]) < 1e-4));
    this.chosen = null;
    this.on.choose(null);
    if (same) this.choose(same, { focus: focused });
  }

  #made(entry, index, count, alias) {
    const words = {
      mssw: `Cover: ${entry.kind}`, you: "Cover drawn by you", everywhere: "Cover on every page",
      flag: `May name somebody, not covered: ${entry.kind}`, dropped: "Cover that you took away",
      pending: "New cover, not kept yet: arrows move it, Shift and arrows size it, Enter keeps it, Escape leaves it",
    };
    const element = make("button", {
      type: "button", className: `box ${entry.by}${alias ? " named" : ""}`,
      attr: { "aria-label": entry.by === "pending" ? words.pending : `${words[entry.by]} (${index + 1} of ${count})` },
    });
    if (alias) element.append(make("span", { className: "signed", hidden: true }, alias));
    for (const edge of ["nw", "ne", "sw", "se"]) element.append(make("i", { data: { edge } }));
    const made = { ...entry, element, words: words[entry.by], moved: null };
    this.#place(made, entry.box);
    this.sheet.append(element);
    return made;
  }

  get drawing() {
    return this.pending !== null;
  }

  /** Begin a cover: drag over the place, or move the one that is there by key. Nothing is saved before it is kept. */
  begin([x, y]) {
    const box = [clamp(x - 0.15, 0, 0.7), clamp(y - 0.025, 0, 0.95), 0.3, 0.05];
    this.choose(null);
    this.pending = this.#made({ box, kind: "new", by: "pending" }, 0, 1, "");
    this.entries.push(this.pending);
    this.sheet.classList.add("drawing");
    this.on.drawing(true);
    this.choose(this.pending);
  }

  /** Mark the flag that is asked about. */
  ask(box) {
    for (const entry of this.entries) {
      const asked = entry.by === "flag" && box && entry.box.every((value, index) => value === box[index]);
      entry.element.classList.toggle("asked", Boolean(asked));
    }
  }

  /** Leave off drawing; the cover that was not kept goes. */
  leave() {
    const { pending } = this;
    if (!pending) return;
    pending.moved = null;
    this.pending = null;
    this.entries = this.entries.filter((entry) => entry !== pending);
    if (this.chosen === pending) this.choose(null);
    pending.element.remove();
    this.sheet.classList.remove("drawing");
    this.on.drawing(false);
  }

  /** Keep the cover that is being drawn. */
  finish() {
    const box = this.pending.moved ?? this.pending.box;
    this.leave();
    this.stage.focus({ preventScroll: true });
    this.keep = box;
    this.on.draw(box);
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
    if (entry?.moved && entry !== this.pending) {
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
    const fixed = entry && (entry.by === "flag" || entry.by === "dropped");
    this.choose(entry ?? null, { focus: false });
    if (entry && !fixed) entry.element.focus({ preventScroll: true }); // arrows move it
    else this.stage.focus({ preventScroll: true }); // keys go on as they were
    if (fixed) return;
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
        const drawn = done && box[2] >= SMALLEST && box[3] >= SMALLEST;
        if (drawn) this.leave();
        if (!done || box[2] < SMALLEST || box[3] < SMALLEST) return;
        this.keep = box;
        this.on.draw(box);
      },
    };
  }

  #dragging(entry, edge, [x0, y0]) {
    const from = entry.moved ?? entry.box;
    let to = from;
    return {
      move: ([x, y]) => {
        to = edge ? stretched(from, edge, x - x0, y - y0) : shifted(from, x - x0, y - y0);
        this.#place(entry, to);
      },
      end: (done) => {
        const far = to.some((value, index) => Math.abs(value - from[index]) > 0.002);
        if (done && far && entry === this.pending) entry.moved = to;
        else if (done && far) this.#resized(entry, to);
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
      if (entry !== this.pending) this.timer = setTimeout(() => this.#settle(), QUIET);
    } else if (entry === this.pending) {
      if (event.key === "Enter" || event.key === " ") this.finish();
      else if (["Escape", "Delete", "Backspace"].includes(event.key)) this.#left();
      else return;
    } else if ((event.key === "Delete" || event.key === "Backspace") && !fixed) {
      entry.moved = null;
      this.on.drop(entry);
    } else if (event.key === "Enter" && fixed) {
      this.on.act(entry);
    } else if (event.key === "Escape" || event.key === "Enter" || event.key === " ") {
      this.choose(null); // saves where it was moved to
      this.stage.focus({ preventScroll: true });
      if (event.key !== "Escape") return; // the page does with it what it does everywhere
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #left() {
    this.leave();
    this.stage.focus({ preventScroll: true });
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
