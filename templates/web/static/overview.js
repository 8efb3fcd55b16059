// The class on one page: every page small, with its status. Arrows move, Enter or a click opens a page, Escape leaves.

import { byId, make } from "./house.js";
import { SIGNS, WORDS } from "./strip.js";

export class Overview {
  /** `go(index)` shows a page. */
  constructor(go) {
    this.go = go;
    this.dialog = byId("overview");
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    byId("overviewclose").addEventListener("click", () => this.dialog.close());
  }

  /** Show all pages, with one of them as the one where the person is. */
  open(rows, current) {
    this.buttons = rows.map((row, index) => this.#made(row, index));
    const groups = [];
    rows.forEach((row, index) => {
      if (!index || !row.alias || row.alias !== rows[index - 1].alias) groups.push({ row, pages: [] });
      groups.at(-1).pages.push(this.buttons[index]);
    });
    byId("overviewpages").replaceChildren(...groups.map(({ row, pages }) =>
      make("section", { className: "response", attr: { "aria-label": row.alias || row.where } },
        make("h3", {}, row.alias || "No response"), make("div", { className: "small-pages" }, ...pages))));
    byId("overviewcounts").textContent = counted(rows);
    this.dialog.showModal();
    this.#focus(current);
  }

  #made(row, index) {
    const image = make("img", { alt: "", loading: "lazy", decoding: "async" });
    if (row.image) image.src = `/picture/${encodeURIComponent(row.id)}/thumb`;
    const name = row.alias ? `${row.alias}, page ${row.number} of ${row.of}` : row.where;
    const button = make("button", {
      type: "button", className: "thumb", tabIndex: -1, data: { state: row.state },
      attr: { "aria-label": `${name}: ${WORDS[row.state]}` }, title: WORDS[row.state],
    }, image, make("span", { attr: { "aria-hidden": "true" } }, SIGNS[row.state]));
    button.addEventListener("click", () => {
      this.dialog.close();
      this.go(index);
    });
    return button;
  }

  #focus(index) {
    this.buttons.forEach((button, at) => { button.tabIndex = at === index ? 0 : -1; });
    this.buttons[index]?.focus();
    this.buttons[index]?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const at = this.buttons.indexOf(document.activeElement);
    if (event.key.toLowerCase() === "g") {
      event.preventDefault();
      this.dialog.close();
      return;
    }
    if (at < 0) return;
    const last = this.buttons.length - 1;
    const to = { ArrowRight: Math.min(last, at + 1), ArrowLeft: Math.max(0, at - 1), Home: 0, End: last,
      ArrowDown: this.#below(at, 1), ArrowUp: this.#below(at, -1) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#focus(to);
  }

  /** The nearest page in the row above or below. */
  #below(at, step) {
    const here = this.buttons[at].getBoundingClientRect();
    let [best, near, row] = [at, Infinity, null];
    for (let index = at + step; index >= 0 && index < this.buttons.length; index += step) {
      const there = this.buttons[index].getBoundingClientRect();
      if (Math.abs(there.top - here.top) < 4) continue;
      row ??= there.top;
      if (Math.abs(there.top - row) >= 4) break;
      if (Math.abs(there.left - here.left) < near) [best, near] = [index, Math.abs(there.left - here.left)];
    }
    return best;
  }
}

/** How many pages are in each state, those first that wait. */
const COUNTED = { flagged: "with something flagged", now: "to attend to now", double: "scanned before" };

function counted(rows) {
  const states = ["held", "flagged", "unseen", "approved", "now", "aside", "double", "blank"];
  const counts = states.map((state) => [state, rows.filter((row) => row.state === state).length]);
  return counts.filter(([, count]) => count).map(([state, count]) => `${count} ${COUNTED[state] ?? WORDS[state]}`).join(" · ");
}
