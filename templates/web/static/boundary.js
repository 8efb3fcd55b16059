// The place before a page in a stack of essays: both pages beside each other, and whether a response begins here.

import { byId } from "./house.js";

const TALL = 300; // pixels of the picture of both pages
const GAP = 12;

export class BoundaryCard {
  /** `pictures` gives a page's picture. */
  constructor(pictures) {
    this.pictures = pictures;
    this.shown = "";
  }

  /** Show the card of a page; it is hidden where nothing has to be asked and nothing was decided. */
  async show(row) {
    const place = row.boundary;
    const asked = place && (!place.sure || place.cut);
    byId("boundary").hidden = !asked;
    this.shown = asked ? row.id : "";
    if (!asked) return;
    const starts = place.cut ? place.cut === "split" : place.starts;
    byId("boundaryasks").textContent = place.cut
      ? `You decided: ${starts ? "a response begins with this page." : "this page goes on with the page before."}`
      : `Does a response begin with this page? mssw thinks ${starts ? "so" : "that it goes on with the page before"}, and is not sure.`;
    byId("cut").firstChild.textContent = place.cut ? "Leave it open " : starts ? "Join with the page before " : "Split here ";
    const images = await Promise.all([place.before, row.id].map((id) => this.pictures.get(id, "page").catch(() => null)));
    if (this.shown === row.id && images.every(Boolean)) draw(byId("boundarypages"), images);
  }
}

/** What the key does on a page: the decision that comes next. */
export const nextCut = ({ cut, starts }) => (cut ? "" : starts ? "join" : "split");

function draw(canvas, images) {
  const sharp = Math.max(1, devicePixelRatio);
  const widths = images.map((image) => (TALL * image.naturalWidth) / image.naturalHeight);
  const width = widths[0] + GAP + widths[1];
  Object.assign(canvas, { width: Math.round(width * sharp), height: Math.round(TALL * sharp) });
  canvas.style.aspectRatio = `${width} / ${TALL}`;
  const pen = canvas.getContext("2d");
  pen.scale(sharp, sharp);
  pen.drawImage(images[0], 0, 0, widths[0], TALL);
  pen.drawImage(images[1], widths[0] + GAP, 0, widths[1], TALL);
}
