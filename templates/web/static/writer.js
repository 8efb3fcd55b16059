// Who wrote the response, for the teacher alone: the name as the student wrote it, beside the student it is matched to.

import { byId } from "./house.js";
import { enlarge } from "./pictures.js";

const FIELDS = new Set(["name field", "place where a name may stand", "strip with a name"]);

/** The student is not known, so somebody has to say who it is. */
export const isOpen = (owner) => !owner?.name;

export class Writer {
  /** `pictures` gives a page's picture. */
  constructor(pictures) {
    this.pictures = pictures;
    this.shown = "";
  }

  /** Show who wrote the response of a page; `rows` are all pages, `owners` what is known, by alias. */
  async show(row, rows, owners) {
    const owner = owners[row.alias];
    byId("writer").hidden = !row.alias || !owner;
    const place = byId("writer").hidden ? null : nameField(row, rows);
    const shown = place ? `${place.row.id}/${place.box.join()}` : "";
    byId("writername").textContent = owner?.name || "Not known yet";
    byId("writerwhy").textContent = owner ? reason(owner) : "";
    byId("writer").dataset.open = String(isOpen(owner));
    if (shown === this.shown) return;
    this.shown = shown;
    byId("writerfield").hidden = !place;
    if (!place) return;
    const image = await this.pictures.get(place.row.id).catch(() => null);
    if (this.shown === shown && image) enlarge(byId("writerfield"), image, place.box, { most: [280, 56], rim: 0.25 });
  }
}

function reason(owner) {
  if (isOpen(owner)) return owner.why ? `${owner.why[0].toUpperCase()}${owner.why.slice(1)}.` : "";
  return owner.by_teacher ? "As you said." : owner.by_code ? "By the code of its sheet." : "By the name field.";
}

/** Where the name is written: on this page, else on the first page of the response that has a name field. */
function nameField(row, rows) {
  for (const one of [row, ...rows.filter((other) => other.alias === row.alias)]) {
    const field = one.image && one.covers.find((cover) => FIELDS.has(cover.kind));
    if (field) return { row: one, box: field.box };
  }
  return null;
}

/** The first page of the next response without a student, from a page on; -1 where every response has one. */
export function nextOpen(rows, index, owners) {
  const order = [...rows.keys()].map((step) => (index + 1 + step) % rows.length);
  const here = rows[index].alias;
  const waits = (one) => one.alias && one.number === 1 && owners[one.alias] && isOpen(owners[one.alias]);
  return order.find((at) => waits(rows[at]) && rows[at].alias !== here) ?? order.find((at) => waits(rows[at])) ?? -1;
}

/** How many responses are still without a student. */
export const countOpen = (owners) => Object.values(owners).filter(isOpen).length;
