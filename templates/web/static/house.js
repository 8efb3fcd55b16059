// What all our local pages share: asking the server, telling the person, and small helpers for the document.

export const byId = (id) => document.getElementById(id);

/** An element with properties, attributes (as `attr`), a data set and children. Text is always text, never markup. */
export function make(tag, { attr = {}, data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attr)) element.setAttribute(name, value);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/**
 * What the server could not or would not do; `status` is 409 where somebody else was there first. `doubts` are places
 * where a word may be a student's name, each with a line for the word: the person can say that it is none.
 */
export class Refused extends Error {
  constructor(message, status, doubts = null) {
    super(message);
    this.status = status;
    this.doubts = doubts;
  }
}

async function answered(asking) {
  let response;
  try {
    response = await asking;
  } catch {
    throw new Refused("mssw has ended, so nothing can be saved. What was shown as saved is kept. Start it again.", 0);
  }
  const said = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(said.error ?? "mssw does not know this page any more. Open the address that it printed.", response.status, said.doubts);
  }
  return said;
}

export const read = (path) => answered(fetch(path));

export const change = (path, value = {}) =>
  answered(fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) }));

const LONGEST = 100; // milliseconds, should the browser paint nothing

/** Done as soon as what is shown now was painted, in a hidden tab at once; work that nobody waits for begins then. */
export const painted = () => new Promise((done) => {
  if (document.hidden) done();
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
  setTimeout(done, LONGEST);
});

/** Say that the page is done. Pictures that are still loading are given up first, since nobody will answer them. */
export const closeSite = () => {
  for (const image of document.images) if (!image.complete) image.removeAttribute("src");
  return change("/api/close");
};

const live = byId("live");
const toast = byId("toast");

/** Where words are seen and heard now: an open dialog hides and silences all that lies outside it. */
const stage = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

/** Say something to those who listen to the page. */
export function announce(text) {
  if (live.parentElement !== stage()) stage().append(live);
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

let toastEnds = 0;

/** Show a sentence for a while; it is read out too. */
export function tell(text, seconds = 6) {
  if (toast.parentElement !== stage()) stage().append(toast);
  clearTimeout(toastEnds);
  toast.textContent = text;
  toast.hidden = false;
  toastEnds = setTimeout(() => { toast.hidden = true; }, seconds * 1000);
}

/** Whether a key belongs to what has the focus: text that is typed, a list that is opened, a dialog. */
export const isTaken = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  document.querySelector("dialog[open]") !== null ||
  event.target.closest?.("input, textarea, select, [contenteditable]") !== null;

/** Ask in the page's small dialog, `#ask`; gives the form's values, or null if the teacher leaves it. */
export function askInDialog(title, fields, confirm = "Done", danger = false) {
  const dialog = byId("ask");
  return new Promise((resolve) => {
    const form = make("form", { method: "dialog" }, make("h2", { id: "ask-title" }, title), ...fields,
      make("div", { className: "foot" },
        make("button", { type: "button", onclick: () => end(null) }, "Leave it"),
        make("button", { type: "submit", className: danger ? "first danger" : "first" }, confirm)));
    const end = (given) => { // at once: the close event comes later, when the next question may be open already
      if (dialog.open && form.isConnected) dialog.close();
      resolve(given);
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); end(Object.fromEntries(new FormData(form))); });
    dialog.oncancel = (event) => { event.preventDefault(); end(null); };
    dialog.onclose = () => { if (!dialog.open) end(null); };
    dialog.replaceChildren(form);
    dialog.showModal();
    (form.querySelector("input:checked, input, textarea, select") ?? form.querySelector("button.first")).focus();
  });
}

/** Ask whether words that may be students' names are only words; gives whether they are. */
export async function askMeant(places) {
  const given = await askInDialog("Do you mean a student?", [
    make("p", {}, places.length > 1 ? "The words in the gaps are also names of students:" : "The word in the gap is also a student's name:"),
    make("ul", {}, ...places.map((place) => make("li", {}, `“${place}”`))),
  ], places.length > 1 ? "No, only words" : "No, only a word");
  return given !== null;
}
