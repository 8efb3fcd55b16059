// The record page: choose a response, draw a place, say what you see. Each row is saved as a whole.

import { announce, askMeant, byId, change, closeSite, make, read, tell } from "/static/house.js";

let state = await read("/api/state");
let kind = state.kinds[0];
let uid = "";       // of the row in the form; empty for a new one
let cites = [];     // its evidence

const LEAST = 0.01; // of the page: a smaller box is a slip of the hand

// Student work ----------------------------------------------------------------------------------------

const alias = byId("alias");

function listResponses() {
  const groups = [["Samples", true], ["Other responses", false]];
  for (const [title, chosen] of groups) {
    const those = state.responses.filter((one) => one.chosen === chosen);
    if (!those.length) continue;
    const options = those.map((one) => make("option", { value: one.alias, textContent: one.alias }));
    alias.append(...(state.responses.some((one) => one.chosen) ? [make("optgroup", { label: title }, ...options)] : options));
  }
}

function showPages() {
  const response = state.responses.find((one) => one.alias === alias.value);
  const pages = Array.from({ length: response.pages }, (_, place) => showPage(response.alias, place + 1));
  byId("pages").replaceChildren(...pages);
  byId("pages").scrollTop = 0;
  showPlaces();
}

function showPage(name, number) {
  const sheet = make("div", { className: "page", data: { page: number } },
    make("img", { src: `/picture/${encodeURIComponent(name)}-${number}/large`, alt: `${name}, page ${number}, names covered`, draggable: false }));
  drawOn(sheet, name, number);
  const use = make("button", { type: "button", textContent: "Use this page" });
  use.addEventListener("click", () => addCite({ alias: name, page: number, box: [] }));
  const under = make("div", { className: "under" }, make("span", { className: "small quiet", textContent: `${name}, page ${number}` }), use);
  return make("div", {}, sheet, under);
}

function drawOn(sheet, name, number) {
  let from = null;
  let frame = null;
  const at = (event) => {
    const edge = sheet.getBoundingClientRect();
    const within = (value) => Math.min(1, Math.max(0, value));
    return [within((event.clientX - edge.left) / edge.width), within((event.clientY - edge.top) / edge.height)];
  };
  const boxTo = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !kind.cites) return;
    from = at(event);
    frame = make("div", { className: "place drawing" });
    sheet.append(frame);
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => { if (from) lay(frame, boxTo(at(event))); });
  const end = (event, taken) => {
    if (!from) return;
    const box = boxTo(at(event));
    from = null;
    frame.remove();
    if (taken && box[2] > LEAST && box[3] > LEAST) addCite({ alias: name, page: number, box });
  };
  sheet.addEventListener("pointerup", (event) => end(event, true));
  sheet.addEventListener("pointercancel", (event) => end(event, false));
}

function lay(frame, [x, y, w, h]) {
  Object.assign(frame.style, { left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * w}%`, height: `${100 * h}%` });
}

/** The places of the row in the form, on the pages that are shown. */
function showPlaces() {
  for (const sheet of document.querySelectorAll(".page")) {
    sheet.querySelectorAll(".place").forEach((one) => one.remove());
    for (const cite of cites) {
      if (cite.alias !== alias.value || cite.page !== Number(sheet.dataset.page) || !cite.box.length) continue;
      const frame = make("div", { className: "place" });
      lay(frame, cite.box);
      sheet.append(frame);
    }
  }
}

function walk(step) {
  const names = state.responses.map((one) => one.alias);
  alias.value = names[(names.indexOf(alias.value) + step + names.length) % names.length];
  showPages();
}

// The record ------------------------------------------------------------------------------------------

function showKinds() {
  byId("kinds").replaceChildren(...state.kinds.map((one) => {
    const button = make("button", { type: "button", textContent: `${one.title} ${state.rows[one.name].length || ""}`.trim(), attr: { "aria-pressed": one.name === kind.name } });
    button.addEventListener("click", () => { kind = one; clear(); });
    return button;
  }));
}

/** What a row rests on: a press on a place shows that response. */
function showEvidence(of) {
  return make("p", { className: "small quiet" }, ...of.flatMap((cite, place) => {
    const look = make("button", { type: "button", className: "plain look", textContent: `${cite.alias}, page ${cite.page}`, attr: { "aria-label": `Show ${cite.alias}` } });
    look.addEventListener("click", () => { alias.value = cite.alias; showPages(); });
    const note = `${cite.side === "against" ? " (against)" : ""}${cite.note ? `: ${cite.note}` : ""}`;
    return [place ? " · " : "", look, note];
  }));
}

function showRows() {
  byId("kind-name").textContent = kind.title;
  byId("rows").replaceChildren(...state.rows[kind.name].map((row) => {
    const label = state.labels[`${kind.name} ${row.uid}`];
    const words = make("p", {}, row[kind.headline], " ");
    if (state.open.includes(label)) words.append(make("span", { className: "mark", textContent: "no evidence yet" }));
    const edit = make("button", { type: "button", className: "plain", textContent: "Change", attr: { "aria-label": `Change ${label}` } });
    edit.addEventListener("click", () => fill(row));
    const gone = make("button", { type: "button", className: "plain", textContent: "Remove", attr: { "aria-label": `Remove ${label}` } });
    gone.addEventListener("click", () => ask("/api/remove", { kind: kind.name, uid: row.uid }, `${label} removed`));
    const acts = make("div", { className: "acts" }, edit, gone);
    const middle = make("div", {}, words, showEvidence(row.cites ?? []));
    return make("li", { attr: row.uid === uid ? { "aria-current": "true" } : {} }, make("strong", { textContent: label }), middle, acts);
  }));
}

function showForm(row = {}) {
  byId("form-name").textContent = uid ? `Change ${state.labels[`${kind.name} ${uid}`]}` : `New ${kind.one}`;
  byId("fields").replaceChildren(...kind.fields.map((field) => showField(field, row[field.key] ?? "")));
  byId("evidence").hidden = !kind.cites;
  byId("how").hidden = !kind.cites;
  byId("evidence-name").textContent = kind.cites;
  byId("problem").hidden = true;
  showCites();
}

function showField(field, value) {
  const id = `field-${field.key}`;
  let input;
  if (field.choices.length) {
    input = make("select", { id }, make("option", { value: "", textContent: "–" }), ...field.choices.map((one) => make("option", { value: one, textContent: one })));
  } else if (field.key === "question") {
    input = make("select", { id }, ...[...new Set([...state.questions, ...(value ? [value] : [])])].map((one) => make("option", { value: one, textContent: one })));
  } else {
    input = make("textarea", { id, maxLength: 600, rows: 2 });
  }
  input.dataset.key = field.key;
  if (value || field.key !== "question") input.value = value;
  return make("div", {}, make("label", { htmlFor: id, textContent: field.key === kind.headline ? field.title : `${field.title} (may be empty)` }), make("p", { className: "small quiet", textContent: field.ask }), input);
}

function showCites() {
  const lines = cites.map((cite, place) => {
    const where = `${cite.alias}${cite.page ? `, page ${cite.page}` : ""}${cite.box.length ? ", the place drawn" : ""}`;
    const note = make("input", { type: "text", value: cite.note, placeholder: "What do you see there?", maxLength: 600, attr: { "aria-label": `What do you see: ${where}` } });
    note.addEventListener("input", () => { cite.note = note.value; });
    const drop = make("button", { type: "button", className: "plain", textContent: "×", attr: { "aria-label": `Take out ${where}` } });
    drop.addEventListener("click", () => { cites.splice(place, 1); showCites(); showPlaces(); });
    const parts = [make("span", { className: "where", textContent: where })];
    if (kind.sides) {
      const side = make("select", { attr: { "aria-label": `For or against: ${where}` } }, ...["for", "against"].map((one) => make("option", { value: one, textContent: one })));
      side.value = cite.side;
      side.addEventListener("change", () => { cite.side = side.value; });
      parts.push(side);
    }
    return make("li", { className: kind.sides ? "" : "short" }, ...parts, note, drop);
  });
  byId("cites").replaceChildren(...(lines.length ? lines : [make("li", { className: "short quiet small", textContent: "Draw a box on a page, or press “Use this page”." })]));
}

function addCite(cite) {
  if (!kind.cites) return;
  cites.push({ side: "for", note: "", ...cite });
  showCites();
  showPlaces();
  byId("cites").lastElementChild.querySelector("input").focus();
  announce(`${cite.alias}, page ${cite.page}, is evidence now`);
}

function fill(row) {
  uid = row.uid;
  cites = row.cites.map((one) => ({ ...one, box: [...one.box] }));
  showRows();
  showForm(row);
  if (cites.length && cites[0].alias !== alias.value) { alias.value = cites[0].alias; showPages(); } else showPlaces();
  byId("fields").querySelector("textarea, select").focus();
}

function clear() {
  uid = "";
  cites = [];
  showKinds();
  showRows();
  showForm();
  showPlaces();
}

async function ask(path, value, said) {
  try {
    state = await change(path, value);
  } catch (error) {
    if (error.doubts && !value.meant && await askMeant(error.doubts)) {
      await ask(path, { ...value, meant: true }, said);
      return;
    }
    byId("problem").textContent = error.message;
    byId("problem").hidden = false;
    return;
  }
  byId("undo").disabled = !state.undo;
  clear();
  announce(said);
  byId("saved").textContent = said;
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const inputs = byId("fields").querySelectorAll("[data-key]");
  const fields = Object.fromEntries([...inputs].map((one) => [one.dataset.key, one.value]));
  ask("/api/save", { kind: kind.name, uid, fields, cites }, `Saved: ${kind.one}`);
});
byId("clear").addEventListener("click", clear);
byId("undo").addEventListener("click", () => ask("/api/undo", {}, "Taken back"));
byId("before").addEventListener("click", () => walk(-1));
byId("next").addEventListener("click", () => walk(1));
byId("close").addEventListener("click", async () => {
  await closeSite().catch(() => {});
  tell("Everything is saved. You can close this page.", 3600);
});
alias.addEventListener("change", showPages);

listResponses();
showPages();
byId("undo").disabled = !state.undo;
clear();
document.body.dataset.ready = "true";
