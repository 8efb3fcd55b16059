// The pages on the stage: one alone, or a whole response. They fit the width, and it is noted what of them was on screen.

import { make } from "./house.js";
import { Boxes } from "./boxes.js";

const COLUMN = 600; // pixels: pages that can be so wide each lie side by side
const WIDEST = 1100; // pixels of a page that fits the width: more is no easier to read
const LEGIBLE = 0.45; // pixels a point: on a smaller page nobody can read a name, so it does not count as seen
const ROUNDED = 1; // pixels by which whole pixels may be smaller than that
const ACROSS = 8;
const DOWN = 32;
const OVERLAP = 40; // pixels of the last view that stay on screen when the next part is shown

export class Sheets {
  /** `on` has what `Boxes` calls, and current(index), seen(). */
  constructor(stage, on) {
    this.stage = stage;
    this.on = on;
    this.shown = []; // {index, row, sheet, boxes, image}
    this.seen = new Map(); // page id → which parts of it were on screen
    this.zoom = 1;
    this.whole = false;
    this.at = 0;
    this.looking = 0;
    for (const where of [stage, window]) where.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    addEventListener("resize", () => this.fit());
    document.addEventListener("visibilitychange", () => this.look());
  }

  get current() {
    return this.shown.find((one) => one.index === this.at) ?? this.shown[0];
  }

  holds(index) {
    return this.shown.some((one) => one.index === index);
  }

  /** Show these pages. `entries` has {index, row, image}; pages that stay on the stage keep their place in it. */
  show(entries, at) {
    const same = entries.length === this.shown.length && entries.every((entry, place) => entry.index === this.shown[place].index);
    if (!same) {
      this.shown.forEach((one) => one.boxes.leave());
      this.shown = entries.map(({ index }) => this.#made(index));
      this.stage.replaceChildren(...this.shown.map((one) => one.sheet));
    }
    entries.forEach(({ row, image }, place) => this.#fill(this.shown[place], row, image));
    this.become(at);
    this.fit();
  }

  #made(index) {
    const sheet = make("div", { className: "sheet" });
    const boxes = new Boxes(this.on, sheet, this.stage);
    sheet.addEventListener("pointerdown", () => this.#meant(index), { capture: true });
    sheet.addEventListener("focusin", () => this.#meant(index), { capture: true });
    return { index, sheet, boxes, row: null, image: null };
  }

  #meant(index) {
    if (index === this.at) return;
    this.current?.boxes.choose(null);
    this.become(index);
    this.on.current(index);
  }

  #fill(one, row, image) {
    Object.assign(one, { row, image });
    one.sheet.querySelector("img, .nopicture")?.remove();
    one.sheet.prepend(image ?? make("p", { className: "nopicture" }, "This page could not be read. Scan its sheet again, or set the response aside."));
    const to = row.moves === "new" ? "a response of its own" : row.moves;
    const why = row.blank ? "Marked blank" : row.aside ? `Set aside: ${row.aside}` : to ? `Moves to ${to}` : "";
    Object.assign(one.sheet.dataset, { out: String(Boolean(why)), why });
    one.boxes.show(row, row.alias);
  }

  /** Make one of the shown pages the one that keys are about. */
  become(index) {
    this.at = index;
    for (const one of this.shown) {
      if (one.index === index) one.sheet.id = "sheet";
      else one.sheet.removeAttribute("id");
      one.sheet.classList.toggle("beside", one.index !== index);
    }
  }

  /** Size the pages: as wide as the window allows, or the whole response at once, times the zoom. */
  fit() {
    if (!this.shown.length) return;
    const style = getComputedStyle(this.stage);
    const gap = 16;
    const room = this.stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const tall = innerWidth > 760 ? this.stage.clientHeight - 24 : innerHeight - 80;
    const count = this.shown.length;
    const columns = this.whole ? count : Math.max(1, Math.min(count, Math.floor((room + gap) / (COLUMN + gap))));
    const each = (room - gap * (columns - 1)) / columns;
    for (const { row, sheet } of this.shown) {
      const [wide, high] = row.points;
      const scale = this.whole ? Math.max(LEGIBLE, Math.min(each / wide, tall / high)) : Math.min(each, WIDEST) / wide;
      Object.assign(sheet.style, { width: `${Math.floor(wide * scale * this.zoom)}px`, height: `${Math.floor(high * scale * this.zoom)}px` });
    }
    this.look();
  }

  /** Begin at the top of a page. */
  top(index = this.shown[0]?.index) {
    const one = this.shown.find((other) => other.index === index);
    if (!one) return;
    this.stage.scrollLeft = 0;
    this.stage.scrollTop += one.sheet.getBoundingClientRect().top - this.stage.getBoundingClientRect().top - 8;
    const flag = document.getElementById("flag"); // in a narrow window it lies above the page
    const above = flag && !flag.hidden && flag.getBoundingClientRect().bottom <= one.sheet.getBoundingClientRect().top ? flag : one.sheet;
    if (this.#scrollsInWindow()) scrollBy(0, above.getBoundingClientRect().top - 8);
    this.look();
  }

  #scrollsInWindow() {
    return this.stage.scrollHeight <= this.stage.clientHeight + 1 && document.documentElement.scrollHeight > innerHeight + 1;
  }

  // ---- what was on screen

  /** Note what can be seen, once it is painted. */
  look() {
    cancelAnimationFrame(this.looking);
    this.looking = requestAnimationFrame(() => requestAnimationFrame(() => this.#note()));
  }

  #scrolled() {
    this.look();
    const best = this.#mostSeen();
    if (best !== undefined && best !== this.at && !document.activeElement?.closest(".sheet")) {
      this.current.boxes.choose(null);
      this.become(best);
      this.on.current(best);
    }
  }

  /** The part of the window in which pages show: left, top, right, bottom in pixels. */
  #frame() {
    const { left, top } = this.stage.getBoundingClientRect();
    const foot = document.querySelector(".way");
    const covered = foot && getComputedStyle(foot).position === "fixed" ? foot.offsetHeight : 0;
    return [Math.max(0, left), Math.max(0, top), Math.min(innerWidth, left + this.stage.clientWidth), Math.min(innerHeight - covered, top + this.stage.clientHeight)];
  }

  #mostSeen() {
    const [, top, , bottom] = this.#frame();
    const heights = this.shown.map(({ sheet }) => {
      const at = sheet.getBoundingClientRect();
      return Math.max(0, Math.min(bottom, at.bottom) - Math.max(top, at.top));
    });
    const most = Math.max(...heights);
    const here = this.shown.findIndex((one) => one.index === this.at);
    return here >= 0 && heights[here] >= 0.9 * most ? this.at : this.shown[heights.indexOf(most)]?.index;
  }

  #note() {
    if (document.hidden || document.querySelector("dialog[open]")) return;
    const [left, top, right, bottom] = this.#frame();
    let more = false;
    for (const { row, sheet, image } of this.shown) {
      if (!image?.isConnected) continue;
      const at = sheet.getBoundingClientRect();
      if (at.width < LEGIBLE * row.points[0] - ROUNDED) continue;
      const parts = this.seen.get(row.id) ?? new Uint8Array(ACROSS * DOWN);
      this.seen.set(row.id, parts);
      for (let y = 0; y < DOWN; y += 1) {
        if (at.top + (y / DOWN) * at.height < top - 1 || at.top + ((y + 1) / DOWN) * at.height > bottom + 1) continue;
        for (let x = 0; x < ACROSS; x += 1) {
          if (at.left + (x / ACROSS) * at.width < left - 1 || at.left + ((x + 1) / ACROSS) * at.width > right + 1) continue;
          more ||= !parts[y * ACROSS + x];
          parts[y * ACROSS + x] = 1;
        }
      }
    }
    if (more) this.on.seen();
  }

  /** Whether all of a page was on screen. */
  wasSeen(id) {
    return this.seen.get(id)?.every(Boolean) ?? false;
  }

  /** Bring the first part of these pages that was not on screen yet into view; false where all was. */
  showRest(ids) {
    for (const { row, sheet, image } of this.shown) {
      if (!image || !ids.includes(row.id) || this.wasSeen(row.id)) continue;
      const parts = this.seen.get(row.id) ?? new Uint8Array(ACROSS * DOWN);
      const part = parts.indexOf(0);
      const at = sheet.getBoundingClientRect();
      const [left, top] = this.#frame();
      const down = at.top + (Math.floor(part / ACROSS) / DOWN) * at.height - top - OVERLAP;
      this.stage.scrollLeft += at.left + ((part % ACROSS) / ACROSS) * at.width - left - OVERLAP;
      const before = this.stage.scrollTop;
      this.stage.scrollTop += down;
      if (this.stage.scrollTop === before) scrollBy(0, down);
      this.look();
      return true;
    }
    return false;
  }

  /** Whether a page is too small to be read. */
  isTooSmall() {
    return this.shown.some(({ row, sheet }) => sheet.getBoundingClientRect().width < LEGIBLE * row.points[0] - ROUNDED);
  }

  /** Bring a place of a page into view. */
  reveal(index, [x, y, w, h]) {
    const one = this.shown.find((other) => other.index === index);
    if (!one) return;
    const at = one.sheet.getBoundingClientRect();
    const [left, top, right, bottom] = this.#frame();
    const [upper, lower] = [at.top + y * at.height, at.top + (y + h) * at.height];
    if (upper < top || lower > bottom) {
      const down = (upper + lower) / 2 - (top + bottom) / 2;
      const before = this.stage.scrollTop;
      this.stage.scrollTop += down;
      if (this.stage.scrollTop === before) scrollBy(0, down);
    }
    const [first, last] = [at.left + x * at.width, at.left + (x + w) * at.width];
    if (first < left || last > right) this.stage.scrollLeft += (first + last) / 2 - (left + right) / 2;
  }

  /** The middle of what can be seen of a page, in fractions of it. */
  middle() {
    const at = this.current.sheet.getBoundingClientRect();
    const [left, top, right, bottom] = this.#frame();
    const part = (low, high, from, size) => ((Math.max(low, from) + Math.min(high, from + size)) / 2 - from) / size;
    return [part(left, right, at.left, at.width), part(top, bottom, at.top, at.height)];
  }

  /** All was made anew: nothing of it was seen. */
  forget() {
    this.seen.clear();
  }
}
