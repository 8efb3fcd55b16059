// Page images: fetched ahead, decoded ahead, and let go of again. A page that is shown was ready before its key.

const AHEAD = 5;
const BEHIND = 2;
const MOST = 24;

export class Pictures {
  constructor() {
    this.kept = new Map(); // "id/kind" → {ready: Promise<HTMLImageElement>, address}
    this.ending = new AbortController();
  }

  /** The decoded image of a page; the same element each time. */
  get(id, kind = "page") {
    const key = `${id}/${kind}`;
    const known = this.kept.get(key);
    if (known) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.ready;
    }
    const entry = { address: "" };
    entry.ready = this.#made(id, kind, entry);
    entry.ready.catch(() => this.kept.delete(key));
    this.kept.set(key, entry);
    while (this.kept.size > MOST) this.#drop(this.kept.keys().next().value);
    return entry.ready;
  }

  async #made(id, kind, entry) {
    const answer = await fetch(`/picture/${encodeURIComponent(id)}/${kind}`, { signal: this.ending.signal });
    if (!answer.ok) throw new Error("no picture");
    entry.address = URL.createObjectURL(await answer.blob());
    const image = new Image();
    image.alt = "";
    image.src = entry.address;
    await image.decode();
    return image;
  }

  #drop(key) {
    const entry = this.kept.get(key);
    this.kept.delete(key);
    entry.ready.then(() => URL.revokeObjectURL(entry.address), () => {});
  }

  /** Get the pages ready that will be wanted next. */
  async ahead(rows, index) {
    const near = [];
    for (let step = 1; step <= AHEAD; step += 1) near.push(rows[index + step]);
    for (let step = 1; step <= BEHIND; step += 1) near.push(rows[index - step]);
    for (const row of near) {
      if (row?.image && !this.ending.signal.aborted) await this.get(row.id).catch(() => {});
    }
  }

  /** Ask for nothing more: nobody will answer. */
  end() {
    this.ending.abort();
  }

  /** Forget all: the pages were made anew. */
  clear() {
    for (const key of [...this.kept.keys()]) this.#drop(key);
  }
}

/** Draw a part of a page into a canvas, enlarged: `box` in fractions of the page, with a rim around it. */
export function enlarge(canvas, image, [x, y, w, h], { most = [280, 96], rim = 0.5 } = {}) {
  const [wide, tall] = [image.naturalWidth, image.naturalHeight];
  const around = rim * h * tall;
  const left = Math.max(0, x * wide - 2 * around);
  const top = Math.max(0, y * tall - around);
  const width = Math.min(wide, (x + w) * wide + 2 * around) - left;
  const height = Math.min(tall, (y + h) * tall + around) - top;
  const scale = Math.min(most[0] / width, most[1] / height) * Math.max(1, devicePixelRatio);
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.getContext("2d").drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
}
