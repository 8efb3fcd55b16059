// All pages in a row, small. Only those that can be seen are in the document, so that hundreds of responses stay smooth.

import { byId, make, painted } from "./house.js";

const STEP = 62;
const GAP = 22; // between two responses
export const SIGNS = { approved: "✓", held: "!", flagged: "?", aside: "–", now: "!", blank: "○", double: "=", unseen: "" };
export const WORDS = {
  approved: "approved", held: "on hold", flagged: "something is flagged", aside: "set aside", now: "needs attention now",
  blank: "blank", double: "a second scan", unseen: "not looked at yet",
};

export class Strip {
  constructor(go) {
    this.strip = byId("strip");
    this.thumbs = byId("thumbs");
    this.go = go;
    this.rows = [];
    this.shown = new Map();
    this.current = 0;
    this.strip.addEventListener("scroll", () => this.draw(), { passive: true });
    addEventListener("resize", () => this.draw());
  }

  set(rows) {
    this.rows = rows;
    this.lefts = [];
    let left = 16;
    rows.forEach((row, index) => {
      if (index && (row.alias !== rows[index - 1].alias || !row.alias)) left += GAP;
      this.lefts.push(left);
      left += STEP;
    });
    this.thumbs.style.width = `${left + 16}px`;
    this.thumbs.replaceChildren();
    this.shown.clear();
    this.draw();
  }

  /** Mark where one is, and bring it into view: after the page itself was painted, which people wait for. */
  at(index) {
    this.current = index;
    painted().then(() => { if (this.current === index) this.#bring(index); });
  }

  #bring(index) {
    const left = this.lefts[index];
    const { scrollLeft, clientWidth } = this.strip;
    if (left < scrollLeft + 80 || left > scrollLeft + clientWidth - 160) this.strip.scrollLeft = left - clientWidth / 2;
    this.draw();
  }

  draw() {
    if (!this.lefts) return;
    const from = this.strip.scrollLeft - 300;
    const to = this.strip.scrollLeft + this.strip.clientWidth + 300;
    const first = Math.max(0, this.#after(from) - 1);
    const last = Math.min(this.rows.length, this.#after(to) + 1);
    for (const [index, parts] of this.shown) {
      if ((index < first || index >= last) && index !== this.current) {
        parts.forEach((part) => part.remove());
        this.shown.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) this.#show(index);
    this.#show(this.current);
  }

  #after(left) {
    let low = 0;
    let high = this.lefts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lefts[middle] < left) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #show(index) {
    const row = this.rows[index];
    if (!row) return;
    if (!this.shown.has(index)) this.shown.set(index, this.#made(row, index));
    const [button] = this.shown.get(index);
    const name = row.alias ? `${row.alias}, page ${row.number} of ${row.of}` : row.where;
    button.dataset.state = row.state;
    button.lastChild.textContent = SIGNS[row.state];
    button.setAttribute("aria-label", `${name}: ${WORDS[row.state]}`);
    button.setAttribute("aria-current", String(index === this.current));
    button.tabIndex = index === this.current ? 0 : -1;
  }

  #made(row, index) {
    const image = make("img", { alt: "", loading: "lazy", decoding: "async" });
    if (row.image) image.src = `/picture/${encodeURIComponent(row.id)}/thumb`;
    const button = make("button", { className: "thumb", type: "button" }, image, make("span", { attr: { "aria-hidden": "true" } }));
    button.style.left = `${this.lefts[index]}px`;
    button.addEventListener("click", (event) => this.go(index, event));
    const parts = [button];
    const starts = !index || row.alias !== this.rows[index - 1].alias;
    if (starts && row.alias) {
      const name = make("span", { className: "groupname", attr: { "aria-hidden": "true" } }, row.alias);
      name.style.left = `${this.lefts[index]}px`;
      name.style.maxWidth = `${Math.max(row.of * STEP, STEP)}px`;
      parts.push(name);
    }
    this.thumbs.append(...parts);
    return parts;
  }
}
