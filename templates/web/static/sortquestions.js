// Questions of the sort page in a small dialog: why set aside, the name of a pile, the learning objective.

import { askInDialog as ask, askMeant, make } from "./house.js";
import { act, onDoubt, refused, sort, workOf } from "./sortstate.js";

/** Ask again until the answer is accepted. A refusal keeps what was typed and says why; `fields(said)` shows it again. */
export async function askUntilTaken(title, fields, confirm, take, before = {}) {
  let said = before;
  let why = "";
  for (;;) {
    const shown = why ? [make("p", { className: "refused", attr: { role: "alert" } }, why)] : [];
    said = await ask(title, [...shown, ...fields(said)], confirm);
    if (!said) return null;
    if (await take(said)) return said;
    why = refused || "Please type a name.";
  }
}

export const textField = (label, name, value = "", most = 80) =>
  make("label", {}, label, make("input", { type: "text", name, value, maxLength: most, autocomplete: "off" }));

/** Ask why a response is set aside, and set it aside; gives whether that was done. */
export async function askAside(alias) {
  const reasons = (chosen) => sort.reasons.map((reason, at) =>
    make("label", { className: "choice" }, make("input", { type: "radio", name: "reason", value: reason, checked: chosen ? chosen === reason : at === 0 }), reason));
  const said = await askUntilTaken(`Set ${alias} aside`, ({ reason, note }) => [
    make("p", { className: "quiet small" }, "It will not be sorted or chosen. Its file stays where it is; “mssw review” takes a response out for good."),
    make("fieldset", {}, make("legend", {}, "Why"), ...reasons(reason)),
    textField("Note (needed for “other”)", "note", note, 600),
  ], "Set aside", ({ reason, note }) => act("aside", { alias, reason, note }), { note: workOf(alias).note });
  return Boolean(said);
}

/** Ask for a name and make a pile, with one response on it where an alias is given. */
export async function newPile(alias = "") {
  const said = await askUntilTaken(alias ? `A new pile for ${alias}` : "A new pile", ({ name }) => [
    make("p", { className: "quiet small" }, "What do these responses have in common? Your own words, such as “counts particles”."),
    textField("Name", "name", name),
  ], "Make the pile", ({ name }) => name.trim() && act("add", { name, ...(alias && { alias }) }));
  return Boolean(said);
}

/** Ask for the learning objective and keep it. */
export async function askObjective() {
  await askUntilTaken("Learning objective", ({ text }) => [
    make("p", { className: "quiet small" }, "What should the work show understanding of? Levels are judged against this."),
    make("label", {}, "The work shows understanding …", make("textarea", { name: "text", rows: 3, maxLength: 600, value: text })),
  ], "Keep", ({ text }) => act("objective", { text }), { text: sort.objective });
}

onDoubt(askMeant);
