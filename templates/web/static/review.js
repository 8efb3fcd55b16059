// The review page: one page of work at a time, by key and by mouse. Each decision is told as saved when it is on the disk.

import { announce, byId, change, isTaken, make, read, tell } from "./house.js";
import { Boxes } from "./boxes.js";
import * as dialogs from "./dialogs.js";
import { Pictures } from "./pictures.js";
import { Strip, WORDS } from "./strip.js";

const SETTLED = new Set(["approved", "aside", "now", "blank", "double"]);
const STAGES = { "": "Starting", blank: "Finding the task", find: "Reading pages", cover: "Covering names" };

const view = { all: null, rows: [], index: 0, zoom: 1, preview: false, undo: [] };
const pictures = new Pictures();
const strip = new Strip((index) => go(index));
const boxes = new Boxes({
  draw: (box) => decide("cover", { box }, "Cover added"),
  resize: (entry, to) => decide("resize", { box: entry.box, to }, "Cover changed"),
  drop: (entry) => drop(entry),
  act: (entry) => act(entry),
  choose: (entry) => showChosen(entry),
});
const row = () => view.rows[view.index];
const stage = byId("stage");

// ---- what is shown

async function load(keep = "") {
  view.all = await read("/api/all");
  view.rows = view.all.pages;
  strip.set(view.rows);
  const wanted = keep || view.all.place;
  const found = view.rows.findIndex((one) => one.id === wanted);
  await go(found >= 0 ? found : 0, { quiet: true });
}

async function go(index, { since = 0, quiet = false } = {}) {
  if (index < 0 || index >= view.rows.length) {
    tell(index < 0 ? "This is the first page." : "This was the last page. “Done” applies what you decided.");
    return;
  }
  const moved = view.index !== index;
  view.index = index;
  if (moved) boxes.choose(null);
  const here = row();
  const ready = here.image ? pictures.get(here.id, view.zoom > 1.4 ? "full" : "page") : Promise.resolve(null);
  const image = await ready.catch(() => null);
  if (row() !== here) return; // another key came first
  render(image);
  if (since) requestAnimationFrame(() => requestAnimationFrame(() => performance.measure("page-shown", { start: since })));
  if (!quiet) announce(spoken(here));
  pictures.ahead(view.rows, index);
  if (moved) keepPlace(here.id);
}

let placing = 0;
let unkept = "";

/** Remember where one is, a moment after the last step. */
function keepPlace(page) {
  unkept = page;
  clearTimeout(placing);
  placing = setTimeout(placeKept, 400);
}

async function placeKept() {
  clearTimeout(placing);
  const page = unkept;
  unkept = "";
  if (page) await change("/api/place", { page }).catch(() => {});
}

addEventListener("pagehide", () => {
  if (unkept) navigator.sendBeacon?.("/api/place", new Blob([JSON.stringify({ page: unkept })], { type: "application/json" }));
});

const titled = (one) => (one.alias ? `${one.alias}, page ${one.number} of ${one.of}` : one.where);
const spoken = (one) => `${titled(one)}. ${WORDS[one.state]}. ${one.covers.length} covered, ${one.flags.length} flagged.`;

function render(image) {
  const here = row();
  const sheet = byId("sheet");
  sheet.querySelector("img, .nopicture")?.remove();
  sheet.prepend(image ?? make("p", { className: "nopicture" }, "This page could not be read. Scan its sheet again, or set the work aside."));
  fit();
  const why = here.blank ? "Marked blank" : here.aside ? `Set aside: ${here.aside}` : here.moves ? `Moves to ${here.moves === "new" ? "a work of its own" : here.moves}` : "";
  sheet.dataset.out = String(Boolean(why));
  sheet.dataset.why = why;
  boxes.show(here, here.alias);
  boxes.preview(view.preview);
  stage.setAttribute("aria-label", `${titled(here)}, ${WORDS[here.state]}`);
  byId("alias").textContent = here.alias || "No work";
  byId("where").textContent = `Page ${here.number} of ${here.of} · ${here.where}`;
  byId("state").textContent = WORDS[here.state].replace(/^./, (first) => first.toUpperCase());
  byId("state").dataset.state = here.state;
  const reasons = here.state === "approved" ? [] : [...here.reasons];
  if (here.note) reasons.push(`Your note: ${here.note}`);
  if (here.flags.length) reasons.push(`${here.flags.length} ${here.flags.length === 1 ? "place" : "places"} may name somebody and ${here.flags.length === 1 ? "is" : "are"} not covered yet`);
  byId("reasons").replaceChildren(...reasons.map((reason) => make("li", {}, reason)));
  byId("flagged").hidden = !here.flags.length;
  byId("approve").disabled = !here.image;
  byId("approve").firstChild.textContent = here.state === "approved" ? "Go on " : "Approve ";
  byId("blank").firstChild.textContent = here.blank ? "Not blank " : "It is blank ";
  byId("turn").disabled = here.task_page !== null || !here.image;
  byId("whose").disabled = !here.alias || !view.all.students.length;
  byId("undo").disabled = !view.undo.length;
  const looked = view.rows.filter((one) => SETTLED.has(one.state)).length;
  byId("progress").textContent = `${looked} of ${view.rows.length} pages looked at`;
  strip.at(view.index);
}

/** The sheet as large as the window allows, times the zoom. */
function fit() {
  const [wide, tall] = row().points;
  const room = { width: stage.clientWidth - 32, height: innerWidth > 760 ? stage.clientHeight - 24 : Infinity };
  const scale = Math.min(room.width / wide, room.height / tall) * view.zoom;
  Object.assign(byId("sheet").style, { width: `${wide * scale}px`, height: `${tall * scale}px` });
}

function zoomed(by) {
  view.zoom = by ? Math.min(5, Math.max(0.5, view.zoom * by)) : 1;
  go(view.index, { quiet: true });
  announce(`${Math.round(view.zoom * 100)} per cent`);
}

function showChosen(entry) {
  byId("chosen").hidden = !entry;
  if (!entry) return;
  const fixed = entry.by === "flag" || entry.by === "dropped";
  byId("what").textContent = `${entry.words}.`;
  byId("drop").hidden = fixed;
  byId("coverthis").hidden = !fixed;
  byId("coverthis").firstChild.textContent = entry.by === "dropped" ? "Put it back " : "Cover it ";
  byId("everywhere").hidden = entry.by === "dropped" || entry.by === "everywhere" || row().task_page === null;
  byId("namefield").hidden = entry.by === "dropped" || entry.kind === "name field" || row().task_page === null;
}

// ---- what is decided: one after the other, each on the disk before it is told

let queue = Promise.resolve();
let waiting = 0;

function inTurn(work) {
  waiting += 1;
  byId("saving").textContent = "Saving …";
  let told = "All is saved";
  queue = queue.then(work).catch(async (error) => {
    told = "Not saved";
    tell(error.message, 10);
    if (error.status === 409) await load(row().id).catch(() => {});
  }).finally(() => {
    waiting -= 1;
    if (!waiting) byId("saving").textContent = told;
  });
  return queue;
}

function taken(changed) {
  const byPage = new Map(changed.map((one) => [one.id, one]));
  view.rows.forEach((one, index) => { if (byPage.has(one.id)) view.rows[index] = byPage.get(one.id); });
  strip.rows = view.rows;
  if (byPage.has(row().id)) go(view.index, { quiet: true });
  else {
    strip.draw();
  }
  const looked = view.rows.filter((one) => SETTLED.has(one.state)).length;
  byId("progress").textContent = `${looked} of ${view.rows.length} pages looked at`;
  byId("undo").disabled = !view.undo.length;
}

function decide(what, more = {}, told = "") {
  const page = row().id;
  return inTurn(async () => {
    const now = view.rows.find((one) => one.id === page);
    const answer = await change("/api/decide", { do: what, page, revision: now.revision, ...more });
    view.undo.push({ page, before: answer.before });
    taken(answer.changed);
    if (told) announce(`${told}. Saved.`);
  });
}

function undo() {
  return inTurn(async () => {
    const last = view.undo.at(-1);
    if (!last) return;
    if (last.whose) {
      await sayWhose(last.whose, { keep: false });
    } else if (last.fields) {
      await applied({ fields: last.fields });
    } else {
      const pages = last.before.pages.map((one) => ({ ...one, revision: view.rows.find((other) => other.id === one.page)?.revision }));
      const answer = await change("/api/decide", { do: "restore", ...last.before, pages });
      taken(answer.changed);
    }
    view.undo.pop();
    const index = view.rows.findIndex((one) => one.id === last.page);
    if (index >= 0) await go(index, { quiet: true });
    byId("undo").disabled = !view.undo.length;
    announce("Undone.");
  });
}

const approving = new Set(); // pages whose approval is being saved: fast keys do not come back to them

function approve(since) {
  const here = row();
  if (!here.image) return tell("This page could not be read, so nobody can look at it: scan its sheet again.");
  if (here.state !== "approved" && !here.aside && !here.blank) {
    approving.add(here.id);
    decide("approve").finally(() => approving.delete(here.id));
  }
  const waits = (one) => !SETTLED.has(one.state) && !approving.has(one.id) && one !== here;
  const later = view.rows.findIndex((one, index) => index > view.index && waits(one));
  const next = later >= 0 ? later : view.rows.findIndex(waits);
  if (next >= 0) return go(next, { since });
  tell("Every page has been looked at. “Done” applies what you decided.");
  announce("Every page has been looked at.");
}

function drop(entry) {
  if (entry.by === "flag" || entry.by === "dropped") return;
  stage.focus({ preventScroll: true });
  boxes.choose(null);
  const everywhere = entry.by === "everywhere";
  decide(everywhere ? "nowhere" : "drop", { box: entry.box }, everywhere ? "No longer covered on every page" : "Cover taken away");
}

function act(entry) {
  stage.focus({ preventScroll: true });
  boxes.choose(null);
  decide(entry.by === "dropped" ? "put back" : "cover", { box: entry.box }, "Covered");
}

async function sayWhose(asked, { keep = true } = {}) {
  const answer = await change("/api/whose", asked);
  Object.assign(view.all, { students: answer.students, whose: answer.whose });
  if (keep) view.undo.push({ page: row().id, whose: answer.before });
  byId("undo").disabled = !view.undo.length;
  tell(answer.told.join(" ") || "Nothing changed.");
}

// ---- applying

async function applied(asked = {}) {
  await change("/api/apply", asked);
  const running = dialogs.showRunning();
  try {
    for (;;) {
      const now = await read("/api/progress");
      running.tell(STAGES[now.stage] ?? now.stage, now.done, now.of);
      if (!now.running) {
        if (now.error) throw new Error(now.error);
        return now.report;
      }
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
  } finally {
    running.end();
    pictures.clear();
    await load(row()?.id);
  }
}

async function done() {
  await queue;
  const looked = view.rows.filter((one) => SETTLED.has(one.state)).length;
  const left = view.rows.length - looked;
  const counts = left ? `You have looked at ${looked} of ${view.rows.length} pages. Work that you have not seen stays marked as unseen.` : "You have looked at every page.";
  if (!(await dialogs.askDone(counts))) return;
  try {
    const report = await applied();
    view.undo = [];
    const answer = await dialogs.showReport(report);
    if (answer?.value === "close") {
      await placeKept(); // nobody answers it after that
      await change("/api/close");
      document.body.replaceChildren(make("main", { className: "ended" }, make("h1", {}, "The review is closed."), make("p", {}, "You can close this window. To open it again, run the same command.")));
    }
  } catch (error) {
    tell(error.message, 12);
  }
}

async function nameField() {
  const chosen = boxes.chosen;
  if (!chosen || chosen.by === "dropped") return tell("Draw or choose the place first, then say that it is the name field.");
  if (row().task_page === null) return tell("This page lies on no page of the blank task.");
  const box = chosen.moved ?? chosen.box;
  if (!(await dialogs.askNameField())) return;
  const fields = view.all.fields;
  const page = row().id;
  await queue;
  await applied({ field: { page, box } }).then(() => {
    view.undo.push({ page, fields });
    byId("undo").disabled = false;
    tell("The place is covered on every page. Look at the pages once more.");
  }, (error) => tell(error.message, 12));
}

function everywhere() {
  const chosen = boxes.chosen;
  if (!chosen || chosen.by === "dropped") return tell("Draw or choose the place first, then cover it on every page.");
  if (row().task_page === null) return tell("This page lies on no page of the blank task, so no place on it is one on all pages.");
  decide("everywhere", { box: chosen.moved ?? chosen.box }, "Covered on every page like this one");
}

const asking = {
  aside: async () => { const said = await dialogs.askAside(row()); if (said) decide("aside", said, "Done"); },
  now: async () => {
    const said = await dialogs.askNow(row(), view.all.attention);
    if (said) decide("aside", said, "The work is kept back");
  },
  move: async () => {
    const aliases = [...new Set(view.rows.map((one) => one.alias).filter(Boolean))].sort();
    const said = await dialogs.askMove(row(), aliases);
    if (said) decide("move", said, "Moved");
  },
  whose: async () => {
    if (byId("whose").disabled) return;
    const { alias } = row();
    const said = await dialogs.askWhose(row(), view.all.students, view.all.whose[alias]);
    if (said) inTurn(() => sayWhose({ alias, ...said }));
  },
};

function drawByKey() {
  decide("cover", { box: [0.3, 0.4, 0.3, 0.05] }, "A cover is in the middle of the page: move it with the arrows").then(() => {
    const made = boxes.entries.find((entry) => entry.by === "you" && entry.box[0] === 0.3 && entry.box[1] === 0.4);
    if (made) boxes.choose(made);
  });
}

function preview() {
  view.preview = !view.preview;
  byId("preview").setAttribute("aria-pressed", String(view.preview));
  boxes.preview(view.preview);
  announce(view.preview ? "As colleagues get it" : "With the covers to see through");
}

const flagged = () => (row().flags.length ? decide("cover flagged", {}, "All that was flagged is covered") : tell("Nothing is flagged on this page."));
const blank = () => decide("blank", { blank: !row().blank }, row().blank ? "Not blank" : "Marked blank");
const turn = () => (byId("turn").disabled ? tell("This page lies on the blank task already, so it is upright.") : decide("turn", { degrees: 90 }, "It is turned when you are done"));

const KEYS = {
  Enter: (event) => approve(event.timeStamp), " ": (event) => approve(event.timeStamp),
  ArrowRight: (event) => go(view.index + 1, { since: event.timeStamp }), ArrowLeft: (event) => go(view.index - 1, { since: event.timeStamp }),
  p: preview, b: drawByKey, c: flagged, e: everywhere, n: nameField, a: asking.aside, "!": asking.now, w: asking.whose, m: asking.move,
  x: blank, t: turn, u: undo, d: done, "?": dialogs.showKeys, "+": () => zoomed(1.25), "=": () => zoomed(1.25), "-": () => zoomed(0.8),
  0: () => zoomed(0), Delete: () => boxes.chosen && drop(boxes.chosen), Escape: () => boxes.choose(null),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    undo();
    return;
  }
  if (isTaken(event) || !view.rows.length) return;
  const onButton = event.target.closest?.("button") && ["Enter", " "].includes(event.key);
  const how = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!how || onButton) return;
  event.preventDefault();
  how(event);
});

function press(id, how) {
  byId(id).addEventListener("click", (event) => {
    if (event.detail) stage.focus({ preventScroll: true }); // by mouse: keys go on as they were
    how(event);
  });
}

press("approve", (event) => approve(event.timeStamp));
press("next", (event) => go(view.index + 1, { since: event.timeStamp }));
press("back", (event) => go(view.index - 1, { since: event.timeStamp }));
press("preview", preview);
press("draw", () => {
  boxes.drawing = !boxes.drawing;
  byId("sheet").classList.toggle("drawing", boxes.drawing);
  byId("draw").setAttribute("aria-pressed", String(boxes.drawing));
  if (boxes.drawing) tell("Drag over the place that is to be covered.");
});
press("in", () => zoomed(1.25));
press("out", () => zoomed(0.8));
press("fit", () => zoomed(0));
press("keys", dialogs.showKeys);
press("done", done);
press("flagged", flagged);
press("aside", asking.aside);
press("now", asking.now);
press("whose", asking.whose);
press("move", asking.move);
press("blank", blank);
press("turn", turn);
press("undo", undo);
press("everywhere", everywhere);
press("namefield", nameField);
byId("drop").addEventListener("click", () => boxes.chosen && drop(boxes.chosen));
byId("coverthis").addEventListener("click", () => boxes.chosen && act(boxes.chosen));
addEventListener("resize", () => view.rows.length && fit());
addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });

stage.focus({ preventScroll: true });
load().then(() => { document.body.dataset.ready = "true"; }, (error) => tell(error.message, 60));
