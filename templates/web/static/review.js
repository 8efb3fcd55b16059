// The review page: a response at a time, or a page where something is flagged or on hold; by key and by mouse.
// A decision is reported as saved when it is on the disk. Enter approves only what was on screen.

import { announce, byId, change, closeSite, isTaken, make, painted, read, tell } from "./house.js";
import { BoundaryCard, nextCut } from "./boundary.js";
import * as dialogs from "./dialogs.js";
import { Flags } from "./flags.js";
import { Overview } from "./overview.js";
import { Pictures } from "./pictures.js";
import { Sheets } from "./sheets.js";
import { Strip, WORDS } from "./strip.js";
import { countOpen, nextOpen, Writer } from "./writer.js";

const SETTLED = new Set(["approved", "aside", "now", "blank", "double"]);
const STAGES = { "": "Starting", blank: "Finding the task", find: "Reading pages", cover: "Covering names" };

const CLEAN = new Set(["unseen", "approved"]);

const view = { all: null, rows: [], index: -1, preview: false, undo: null, flag: null };
const stage = byId("stage");
const pictures = new Pictures();
const flags = new Flags(pictures);
const boundary = new BoundaryCard(pictures);
const writer = new Writer(pictures);
const showFromTop = (index) => go(index).then(() => sheets.top(index)); // also where it is the page that is shown already
const overview = new Overview(showFromTop);
const strip = new Strip(showFromTop);
const sheets = new Sheets(stage, {
  draw: (box) => decide("cover", { box }, "Cover added"),
  resize: (entry, to) => decide("resize", { box: entry.box, to }, "Cover changed"),
  drop: (entry) => drop(entry),
  act: (entry) => act(entry),
  choose: (entry) => showChosen(entry),
  drawing: (on) => showDrawing(on),
  current: (index) => became(index),
  seen: () => showApprove(),
});
const row = () => view.rows[view.index];
const boxes = () => sheets.current?.boxes;
const chosen = () => boxes()?.chosen ?? null;

// ---- what is shown

async function load(keep = "") {
  view.all = await read("/api/all");
  view.rows = view.all.pages;
  view.undo = view.all.undo;
  strip.set(view.rows);
  sheets.show([], -1);
  const wanted = keep || view.all.place;
  const found = view.rows.findIndex((one) => one.id === wanted);
  await go(found >= 0 ? found : 0, { quiet: true });
  flags.load().then(() => showFlag());
}

/** The pages that are shown together: a whole response if nothing on it has to be decided, else a page alone. */
function together(index) {
  const here = view.rows[index];
  if (!here.alias) return [index];
  const pages = [...view.rows.keys()].filter((one) => view.rows[one].alias === here.alias);
  const isClean = (one) => CLEAN.has(one.state) && one.image && !one.flags.length && !one.moves;
  return pages.every((one) => isClean(view.rows[one])) ? pages : [index];
}

/** Show a page. `grows`: a response that has nothing to decide any more is shown whole at once. */
async function go(index, { since = 0, quiet = false, grows = false } = {}) {
  if (index < 0 || index >= view.rows.length) {
    tell(index < 0 ? "This is the first page." : "This was the last page. “Done” applies what you decided.");
    return;
  }
  const moved = view.index !== index;
  if (moved) boxes()?.leave();
  if (moved) boxes()?.choose(null);
  view.index = index;
  const here = row();
  let group = sheets.shown.map((one) => one.index);
  const stays = group.includes(index) && !grows && (group.length === 1 || together(index).length > 1); // else nothing grows under one's eyes
  if (!stays) group = together(index);
  const kind = sheets.zoom > 1.4 ? "full" : "page";
  const ready = group.map((one) => (view.rows[one].image ? pictures.get(view.rows[one].id, kind).catch(() => null) : null));
  stage.setAttribute("aria-busy", "true");
  const images = await Promise.all(ready);
  if (row() !== here) return; // another key came first
  if (moved) view.flag = null;
  sheets.show(group.map((one, place) => ({ index: one, row: view.rows[one], image: images[place] })), index);
  render();
  if (!stays || moved) sheets.top(stays ? index : group[0]);
  if (since) requestAnimationFrame(() => requestAnimationFrame(() => performance.measure("page-shown", { start: since })));
  if (!quiet) announce(spoken(here));
  painted().then(() => pictures.ahead(view.rows, view.index));
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

/** Another of the pages on screen is the one that keys are about. */
function became(index) {
  view.index = index;
  view.flag = null;
  render();
  keepPlace(row().id);
}

function render() {
  const here = row();
  stage.setAttribute("aria-busy", "false");
  sheets.shown.forEach((one) => one.boxes.preview(view.preview));
  stage.setAttribute("aria-label", `${titled(here)}, ${WORDS[here.state]}`);
  byId("alias").textContent = here.alias || "No response";
  byId("where").textContent = `Page ${here.number} of ${here.of} · ${here.where}`;
  byId("state").textContent = WORDS[here.state].replace(/^./, (first) => first.toUpperCase());
  byId("state").dataset.state = here.state;
  const reasons = here.state === "approved" ? [] : [...here.reasons];
  if (here.note) reasons.push(`Your note: ${here.note}`);
  byId("reasons").replaceChildren(...reasons.map((reason) => make("li", {}, reason)));
  showFlag();
  boundary.show(here);
  showApprove();
  byId("blank").firstChild.textContent = here.blank ? "Not blank " : "It is blank ";
  byId("turn").disabled = here.task_page !== null || !here.image;
  byId("whose").disabled = !here.alias || !view.all.students.length;
  writer.show(here, view.rows, view.all.whose);
  showOpen();
  byId("undo").disabled = !view.undo;
  showProgress();
  strip.at(view.index);
}

/** Offer the next response without a student, as long as there is one. */
function showOpen() {
  const open = countOpen(view.all.whose);
  byId("nextopen").hidden = !open;
  byId("nextopen").firstChild.textContent = `Next of ${open} without a student `;
}

/** Go to the next response of which it is not known who wrote it. */
function goOpen(event) {
  if (!view.all.students.length) return tell("This set has no class list, so responses are not matched to students.");
  const next = nextOpen(view.rows, view.index, view.all.whose);
  if (next < 0) return tell("Every response has its student.");
  if (next === view.index) return tell("This is the only response without a student. Press W to say who wrote it.");
  return go(next, { since: event?.timeStamp });
}

function showProgress() {
  const looked = view.rows.filter((one) => SETTLED.has(one.state)).length;
  byId("progress").textContent = `${looked} of ${view.rows.length} pages looked at`;
}

/** The pages on screen that Enter would approve. */
const waiting = () => sheets.shown.map((one) => one.row).filter((one) => one.image && one.state !== "approved" && !one.aside && !one.blank);

/** Say on the button what Enter does now. */
function showApprove() {
  const pages = waiting();
  const rest = pages.some((one) => !sheets.wasSeen(one.id));
  const flagged = pages.reduce((sum, one) => sum + one.flags.length, 0);
  const what = !pages.length ? "Go on"
    : rest ? "Show the rest"
      : flagged ? `Approve, ${flagged} flagged ${flagged === 1 ? "word stays" : "words stay"} readable`
        : pages.length > 1 ? `Approve all ${pages.length} pages` : "Approve";
  byId("approve").firstChild.textContent = `${what} `;
  byId("approve").disabled = !row().image;
}

/** The flag that is asked about: the one that was chosen, else the first of the page. */
function askedFlag() {
  const { flags: list } = row();
  const picked = chosen()?.by === "flag" ? chosen().box : view.flag;
  return list.find((one) => picked && one.box.every((value, index) => value === picked[index])) ?? list[0];
}

function showFlag() {
  const flag = view.rows.length && !boxes()?.drawing ? askedFlag() : null;
  for (const one of sheets.shown) one.boxes.ask(one.index === view.index ? flag?.box : null);
  flags.show(row(), flag, view.rows);
}

function zoomed(by) {
  if (!by) sheets.whole = sheets.zoom === 1 ? !sheets.whole : sheets.whole;
  sheets.zoom = by ? Math.min(5, Math.max(0.5, sheets.zoom * by)) : 1;
  sheets.fit();
  showFit();
  go(view.index, { quiet: true });
  announce(by ? `${Math.round(sheets.zoom * 100)} per cent` : sheets.whole ? "The whole response" : "As wide as the window");
}

/** Say on the button what it does next. */
function showFit() {
  byId("fit").firstChild.textContent = sheets.zoom !== 1 ? "Fit " : sheets.whole ? "Fit the width " : "Show it whole ";
}

function showChosen(entry) {
  byId("chosen").hidden = !entry;
  if (entry?.by === "flag") view.flag = entry.box;
  if (entry?.by === "flag") showFlag();
  if (!entry) return;
  byId("what").textContent = `${entry.words}.`;
  byId("drop").hidden = entry.by === "flag" || entry.by === "dropped";
  byId("drop").firstChild.textContent = entry.by === "pending" ? "Leave it " : "Drop it ";
  byId("coverthis").hidden = entry.by !== "dropped" && entry.by !== "pending";
  byId("coverthis").firstChild.textContent = entry.by === "dropped" ? "Put it back " : "Keep it ";
  byId("coverthis").lastChild.textContent = entry.by === "dropped" ? "C" : "⏎";
  byId("everywhere").hidden = entry.by === "dropped" || entry.by === "everywhere" || row().task_page === null;
  byId("namefield").hidden = entry.by === "dropped" || entry.kind === "name field" || row().task_page === null;
}

// ---- what is decided: one after the other, each on the disk before it is told

let queue = Promise.resolve();
let unsaved = 0;
let failed = false; // one of what is still being saved
let changes = 0; // how often the pages were changed by others: what was decided before that is asked again

function inTurn(work) {
  unsaved += 1;
  byId("saving").textContent = "Saving …";
  const then = changes;
  queue = queue.then(painted).then(() => {
    if (then !== changes) throw new Error("The pages changed before this was saved: look again, then decide.");
    return work();
  }).catch(async (error) => {
    failed = true;
    tell(error.message, 10);
    if (error.status !== 409) return;
    changes += 1;
    await load(row().id).catch(() => {});
  }).finally(() => {
    unsaved -= 1;
    if (unsaved) return;
    byId("saving").textContent = failed ? "Not saved" : "All is saved";
    failed = false;
  });
  return queue;
}

function taken(changed) {
  const byPage = new Map(changed.map((one) => [one.id, one]));
  view.rows.forEach((one, index) => { if (byPage.has(one.id)) view.rows[index] = byPage.get(one.id); });
  strip.rows = view.rows;
  if (sheets.shown.some((one) => byPage.has(one.row.id))) go(view.index, { quiet: true });
  else strip.draw();
  showProgress();
  byId("undo").disabled = !view.undo;
}

const withRevision = (one) => ({ ...one, revision: view.rows.find((other) => other.id === one.page)?.revision });

/** Decide something about a page; `more.also` has further pages that it is about. */
function decide(what, more = {}, told = "", page = row().id) {
  return inTurn(async () => {
    const also = more.also ? { also: more.also.map(withRevision) } : {};
    const answer = await change("/api/decide", { ...withRevision({ page }), do: what, ...more, ...also });
    view.undo = answer.undo;
    taken(answer.changed);
    if (told) announce(`${told}. Saved.`);
  });
}

function undo() {
  return inTurn(async () => {
    const last = view.undo;
    if (!last) return;
    if (last.whose) {
      await sayWhose({ ...last.whose, undone: true });
    } else if (last.fields) {
      await applied({ fields: last.fields });
    } else {
      const answer = await change("/api/decide", { do: "restore", ...last.before, pages: last.before.pages.map(withRevision) });
      view.undo = answer.undo;
      taken(answer.changed);
    }
    const index = view.rows.findIndex((one) => one.id === last.page);
    if (index >= 0) await go(index, { quiet: true });
    byId("undo").disabled = !view.undo;
    announce("Undone.");
  });
}

const approving = new Set(); // pages whose approval is being saved: fast keys do not come back to them

/** Approve what is on screen and go on; where not all of it was on screen yet, show the rest of it first. */
function approve(event) {
  if (event.repeat || !sheets.holds(view.index)) return; // a key that is held down, or that came before its page
  const here = row();
  if (!here.image) {
    tell("This page could not be read, so nobody can look at it: scan its sheet again.");
    return;
  }
  const ids = waiting().map((one) => one.id).filter((id) => !approving.has(id));
  if (sheets.isTooSmall() && ids.some((id) => !sheets.wasSeen(id))) {
    tell("The page is too small to be read: press + or 0.");
    return;
  }
  if (sheets.showRest(ids)) {
    announce("This is the rest of it.");
    return;
  }
  if (ids.some((id) => !sheets.wasSeen(id))) { // its picture did not come
    tell("A picture did not load, so nothing was approved. It is loaded again: look at it, then approve.");
    go(view.index, { quiet: true });
    return;
  }
  if (ids.length) {
    const first = ids.includes(here.id) ? here.id : ids[0];
    ids.forEach((id) => approving.add(id));
    const also = ids.filter((id) => id !== first).map((page) => ({ page }));
    decide("approve", { also }, "", first).finally(() => ids.forEach((id) => approving.delete(id)));
  }
  const shown = new Set(sheets.shown.map((one) => one.row.id));
  goOn(event.timeStamp, (one) => !SETTLED.has(one.state) && !approving.has(one.id) && !shown.has(one.id));
}

function goOn(since, waits) {
  const later = view.rows.findIndex((one, index) => index > view.index && waits(one));
  const next = later >= 0 ? later : view.rows.findIndex(waits);
  if (next >= 0) go(next, { since });
  else tell("Every page has been looked at. Press D: “Done” applies what you decided.", 12);
}

function drop(entry) {
  if (entry.by === "flag" || entry.by === "dropped") return;
  stage.focus({ preventScroll: true });
  if (entry.by === "pending") {
    boxes().leave();
    return;
  }
  boxes().choose(null);
  const everywhere = entry.by === "everywhere";
  decide(everywhere ? "nowhere" : "drop", { box: entry.box }, everywhere ? "No longer covered on every page" : "Cover taken away");
}

function act(entry) {
  stage.focus({ preventScroll: true });
  if (entry.by === "pending") {
    boxes().finish();
    return;
  }
  boxes().choose(null);
  decide(entry.by === "dropped" ? "put back" : "cover", { box: entry.box }, "Covered");
}

/** Cover the flagged word that is asked about, or put back the cover that is chosen. */
function coverWord() {
  if (chosen()?.by === "dropped") {
    act(chosen());
    return;
  }
  settleFlag("cover", "Covered");
}

/** Keep the flagged word readable: on this page, or wherever the class wrote it. */
function notName({ inClass = false } = {}) {
  const flag = row().flags.length ? askedFlag() : null;
  const also = flag && inClass ? flags.alike(view.rows, row().id, flag.box) : [];
  settleFlag("not a name", also.length ? `Not a name, ${also.length + 1} times` : "Not a name", { also });
}

function settleFlag(what, told, more = {}) {
  const here = row();
  const flag = here.flags.length ? askedFlag() : null;
  if (!flag) {
    tell("Nothing is flagged on this page.");
    return;
  }
  const place = here.flags.indexOf(flag);
  const next = here.flags[place + 1] ?? here.flags[place - 1];
  boxes().choose(null);
  view.flag = next?.box ?? null;
  decide(what, { box: flag.box, ...more }, told).then(() => {
    if (row().id !== here.id) return;
    const asked = row().flags.length ? askedFlag() : null;
    if (asked) sheets.reveal(view.index, asked.box);
    else if (together(view.index).length > sheets.shown.length) go(view.index, { quiet: true, grows: true });
  });
}

async function sayWhose(asked) {
  const answer = await change("/api/whose", asked);
  Object.assign(view.all, { students: answer.students, whose: answer.whose });
  view.undo = answer.undo;
  byId("undo").disabled = !view.undo;
  writer.show(row(), view.rows, view.all.whose);
  showOpen();
  const open = countOpen(view.all.whose);
  const left = open ? ` ${open} ${open === 1 ? "response is" : "responses are"} still without a student: press O.` : "";
  tell(`${answer.told.join(" ") || "Nothing changed."}${left}`);
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
    sheets.forget();
    await load(row()?.id);
  }
}

async function done() {
  await queue;
  const looked = view.rows.filter((one) => SETTLED.has(one.state)).length;
  const left = view.rows.length - looked;
  const counts = left ? `You have looked at ${looked} of ${view.rows.length} pages. Responses that you have not seen stay marked as not looked at.` : "You have looked at every page.";
  if (!(await dialogs.askDone(counts))) return;
  try {
    const report = await applied();
    const answer = await dialogs.showReport(report);
    if (answer?.value === "close") {
      await placeKept(); // nobody answers it after that
      const more = Number(byId("main").dataset.more);
      pictures.end();
      await closeSite();
      document.body.replaceChildren(dialogs.endPage(report, more));
      if (more) await nextClass();
    }
  } catch (error) {
    tell(error.message, 12);
  }
}

/** Load the page again as soon as the next class is behind its address. */
async function nextClass() {
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 200) continue; // 204: this class is still being closed
    location.reload();
    return;
  }
}

async function nameField() {
  const place = chosen();
  if (!place || place.by === "dropped") return tell("Draw or choose the place first, then press N: it is the name field.");
  if (row().task_page === null) return tell("This page lies on no page of the blank task.");
  const box = place.moved ?? place.box;
  if (!(await dialogs.askNameField())) return;
  boxes().leave();
  const page = row().id;
  await queue;
  await applied({ field: { page, box } }).then(() => {
    tell("The place is covered on every page. Look at the pages once more.");
  }, (error) => tell(error.message, 12));
}

function everywhere() {
  const place = chosen();
  if (!place || place.by === "dropped") return tell("Draw or choose the place first, then cover it on every page.");
  if (row().task_page === null) return tell("This page lies on no page of the blank task, so no place on it is one on all pages.");
  const box = place.moved ?? place.box;
  boxes().leave();
  decide("everywhere", { box }, "Covered on every page like this one");
}

const asking = {
  aside: async () => { const said = await dialogs.askAside(row()); if (said) decide("aside", said, "Done"); },
  now: async () => {
    const said = await dialogs.askNow(row(), view.all.attention);
    if (said) decide("aside", said, "The response is kept back");
  },
  move: async () => {
    const aliases = [...new Set(view.rows.map((one) => one.alias).filter(Boolean))].sort();
    const said = await dialogs.askMove(row(), aliases, view.all.whose);
    if (said) decide("move", said, "Moved");
  },
  whose: async () => {
    if (byId("whose").disabled) return;
    const { alias, id } = row();
    const taken = Object.entries(view.all.whose).filter(([other]) => other !== alias).map(([, one]) => one.student);
    const said = await dialogs.askWhose(row(), view.all.students, view.all.whose[alias], taken);
    if (said) inTurn(() => sayWhose({ alias, page: id, ...said }));
  },
};

/** Begin to draw a cover, or leave off; the key and the button do the same. */
function draw() {
  if (!row().image) return;
  if (boxes().drawing) boxes().leave();
  else boxes().begin(sheets.middle());
  if (!boxes().drawing) stage.focus({ preventScroll: true });
}

function showDrawing(on) {
  byId("draw").setAttribute("aria-pressed", String(on));
  showFlag();
  if (on) tell("Drag over the place. Or move this cover with the arrows, size it with Shift and arrows, and press Enter. Escape leaves it.");
}

function escape() {
  boxes()?.leave();
  boxes()?.choose(null);
}

function preview() {
  view.preview = !view.preview;
  byId("preview").setAttribute("aria-pressed", String(view.preview));
  sheets.shown.forEach((one) => one.boxes.preview(view.preview));
  announce(view.preview ? "As colleagues get it" : "With the covers to see through");
}

function showAll() {
  boxes()?.leave();
  overview.open(view.rows, view.index);
}

const allFlagged = () => (row().flags.length ? decide("cover flagged", {}, "All that was flagged is covered") : tell("Nothing is flagged on this page."));
const blank = () => decide("blank", { blank: !row().blank }, row().blank ? "Not blank" : "Marked blank");
const turn = () => (byId("turn").disabled ? tell("This page lies on the blank task already, so it is upright.") : decide("turn", { degrees: 90 }, "It is turned when you are done"));

/** Join a page with the one before, or split it from that; once more leaves it to what is written there. */
const cut = () => {
  const place = row().boundary;
  if (!place) return tell("Only a stack without a task is split by the names on its pages. M moves a page.");
  const said = nextCut(place);
  return decide("cut", { cut: said }, { join: "Joined with the page before", split: "Split from the page before" }[said] ?? "Left open");
};

const KEYS = {
  Enter: approve, " ": approve,
  ArrowRight: (event) => go(view.index + 1, { since: event.timeStamp }), ArrowLeft: (event) => go(view.index - 1, { since: event.timeStamp }),
  p: preview, b: draw, c: coverWord, k: () => notName(), l: () => notName({ inClass: true }), v: allFlagged, e: everywhere, n: nameField, a: asking.aside, "!": asking.now, w: asking.whose, o: goOpen, g: showAll, m: asking.move,
  j: cut, x: blank, t: turn, u: undo, d: done, "?": dialogs.showKeys, "+": () => zoomed(1.25), "=": () => zoomed(1.25), "-": () => zoomed(0.8),
  0: () => zoomed(0), Delete: () => chosen() && drop(chosen()), Escape: escape,
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    undo();
    return;
  }
  if (isTaken(event) || !view.rows.length) return;
  const onButton = event.target.closest?.("button:not(.box)") && ["Enter", " "].includes(event.key);
  const how = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!how || onButton) return;
  event.preventDefault();
  how(event);
});

document.addEventListener("click", (event) => { // by mouse: keys go on as they were, whatever was clicked
  if (event.detail && event.target.closest("button:not(.box)") && !event.target.closest("dialog")) stage.focus({ preventScroll: true });
}, { capture: true });

const press = (id, how) => byId(id).addEventListener("click", how);

press("approve", approve);
press("next", (event) => go(view.index + 1, { since: event.timeStamp }));
press("back", (event) => go(view.index - 1, { since: event.timeStamp }));
press("preview", preview);
press("draw", draw);
press("in", () => zoomed(1.25));
press("out", () => zoomed(0.8));
press("fit", () => zoomed(0));
press("keys", dialogs.showKeys);
press("done", done);
press("flagged", allFlagged);
press("coverword", coverWord);
press("notname", () => notName());
press("notclass", () => notName({ inClass: true }));
press("aside", asking.aside);
press("now", asking.now);
press("whose", asking.whose);
press("nextopen", goOpen);
press("all", showAll);
press("move", asking.move);
press("cut", cut);
press("blank", blank);
press("turn", turn);
press("undo", undo);
press("everywhere", everywhere);
press("namefield", nameField);
press("drop", () => chosen() && drop(chosen()));
press("coverthis", () => chosen() && act(chosen()));
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

stage.focus({ preventScroll: true });
load().then(() => { document.body.dataset.ready = "true"; }, (error) => tell(error.message, 60));
