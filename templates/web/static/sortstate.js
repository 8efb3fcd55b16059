// The sort as this page knows it: read from the server, changed act by act in the order in which they were made.

import { announce, change, read, tell, byId } from "./house.js";

export const LEVELS = ["high", "medium", "low"];
export const NEW = "not yet sorted";

export let sort = null;
export let refused = ""; // why the last act was not taken; empty where it was
const listeners = [];
let askMeant = async () => false;
let queue = Promise.resolve();
let waiting = 0;

/** What asks the teacher whether words that may be names are only words. */
export const onDoubt = (asks) => { askMeant = asks; };
export const onChange = (listener) => listeners.push(listener);
const changed = () => listeners.forEach((listener) => listener(sort));

export const workOf = (alias) => sort.works.find((work) => work.alias === alias);
export const takesPart = (work) => !work.aside;
export const isPiled = (work) => Boolean(work.pile || work.unsure);
export const pileOf = (work) => (work.unsure ? sort.unsure : work.pile);

function adopt(state) {
  sort = state;
  changed();
}

export async function load() {
  adopt(await read("/api/state"));
}

function saving() {
  byId("saved").textContent = waiting ? "Saving …" : "Saved";
}

/** Send acts one after the other, each for the sort that the one before it left. */
function send(path, value) {
  waiting += 1;
  saving();
  const sent = queue.then(() => change(path, { ...value, since: sort.revision })).catch(async (refused) => {
    if (!refused.doubts || !(await askMeant(refused.doubts))) throw refused;
    return change(path, { ...value, since: sort.revision, meant: true });
  });
  const told = sent.then(
    (state) => {
      waiting -= 1;
      refused = "";
      if (waiting) sort.revision = state.revision;
      else adopt(state);
      saving();
      return state;
    },
    async (error) => {
      waiting -= 1;
      refused = error.doubts ? "Not saved. Please write it without the student's name." : sentence(error.message);
      tell(refused, 9);
      if (error.status) await load().catch(() => {});
      byId("saved").textContent = "Not saved";
      return null;
    },
  );
  queue = told.catch(() => {});
  return told;
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Make an act. What it does to one work is shown at once; if the server refuses, the page goes back to what is kept. */
export function act(name, value = {}) {
  const work = value.alias && sort.works.find((one) => one.alias === value.alias);
  if (name === "put") {
    const unsure = value.pile === sort.unsure;
    Object.assign(work, { pile: unsure ? "" : value.pile, unsure, aside: "" });
    changed();
    announce(value.pile ? `${work.alias}: ${value.pile}` : `${work.alias}: ${NEW}`);
  } else if (name === "level") {
    Object.assign(work, { level: value.level || null });
    changed();
    announce(`${work.alias}: ${value.level || "no level"}`);
  }
  return send("/api/act", { act: name, ...value });
}

export async function undo() {
  const state = await send("/api/undo", {});
  if (state) announce("Taken back");
}

export const beginSitting = () => queue.then(() => change("/api/sitting")).then(adopt, (refused) => tell(sentence(refused.message)));

let placeWaits = 0;

/** Remember where one is, a moment after the last step. */
export function remember(place) {
  Object.assign(sort.place, place);
  clearTimeout(placeWaits);
  placeWaits = setTimeout(keepPlace, 250);
}

export function keepPlace() {
  clearTimeout(placeWaits);
  const { pass, at, read: seen } = sort.place;
  return change("/api/at", { pass: pass || "read", at: at || "", read: seen || [] }).catch(() => {});
}
