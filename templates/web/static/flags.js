// What is flagged on a page, one word after the other: enlarged, with the name that it may be and what was read there.

import { byId, read } from "./house.js";
import { enlarge } from "./pictures.js";

const sameBox = (one, other) => one.every((value, index) => Math.abs(value - other[index]) < 1e-6);

export class Flags {
  /** `pictures` gives a page's picture. */
  constructor(pictures) {
    this.pictures = pictures;
    this.words = {};
    this.shown = "";
  }

  /** Get what the flags say. Until it is here they are shown without words. */
  async load() {
    this.words = await read("/api/flags").catch(() => ({}));
  }

  word(page, box) {
    return this.words[page]?.find((one) => sameBox(one.box, box)) ?? { read: "", name: "", of: [] };
  }

  /** The same word on other pages, where it may be the same name: [{page, box}]. */
  alike(rows, page, box) {
    const { read: text, name } = this.word(page, box);
    if (!name || !text) return [];
    const found = [];
    for (const row of rows) {
      for (const flag of row.flags) {
        const other = this.word(row.id, flag.box);
        const itself = row.id === page && sameBox(flag.box, box);
        if (!itself && other.name === name && other.read.toLowerCase() === text.toLowerCase()) found.push({ page: row.id, revision: row.revision, box: flag.box });
      }
    }
    return found;
  }

  /** Show one flag of a page, or hide the card. */
  async show(row, flag, rows) {
    byId("flag").hidden = !flag;
    if (!flag) {
      this.shown = "";
      return;
    }
    const word = this.word(row.id, flag.box);
    const others = this.alike(rows, row.id, flag.box).length;
    const place = row.flags.findIndex((one) => sameBox(one.box, flag.box)) + 1;
    const count = row.flags.length;
    byId("flagcount").textContent = count > 1 ? `Flagged: ${place} of ${count} on this page` : "Flagged on this page";
    byId("flagname").textContent = word.name ? `${word.name}?` : flag.kind[0].toUpperCase() + flag.kind.slice(1);
    const readable = /[\p{L}\p{N}]/u.test(word.read);
    const parts = [...(word.of.length ? [`May be ${word.of.join(" or ")}.`] : []), ...(readable ? [`Read as “${word.read}”.`] : [])];
    byId("flagread").textContent = parts.join(" ");
    byId("notclass").hidden = !others;
    byId("notclass").firstChild.textContent = `Not a name, ${others + 1} times in the class `;
    byId("flagged").hidden = count < 2;
    byId("flagged").firstChild.textContent = `Cover all ${count} on this page `;
    await this.#enlarge(row, flag.box);
  }

  async #enlarge(row, box) {
    const shown = `${row.id}/${box.join()}`;
    this.shown = shown;
    for (const kind of ["page", "full"]) { // at once, then sharper
      const image = await this.pictures.get(row.id, kind).catch(() => null);
      if (this.shown !== shown || !image) return;
      enlarge(byId("flagword"), image, box);
    }
  }
}
