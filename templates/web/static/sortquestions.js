// Questions of the sort page in a small dialog: why set aside, the name of a pile, the learning objective.

import { byId, make } from "./house.js";
import { act, onDoubt, sort, workOf } from "./sortstate.js";

/** Ask in a small dialog; gives the form's values, or null if the teacher leaves it. */
export function ask(title, fields, confirm = "Done", danger = false) {
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

export const textField = (label, name, value = "", most = 80) =>
  make("label", {}, label, make("input", { type: "text", name, value, maxLength: most, autocomplete: "off" }));

/** Ask why a response is set aside, and set it aside; gives whether that was done. */
export async function askAside(alias) {
  const reasons = sort.reasons.map((reason, at) =>
    make("label", { className: "choice" }, make("input", { type: "radio", name: "reason", value: reason, checked: at === 0 }), reason));
  const said = await ask(`Set ${alias} aside`, [
    make("p", { className: "quiet small" }, "It takes no part in sorting and choosing. Its file stays where it is; “mssw review” takes a work out for good."),
    make("fieldset", {}, make("legend", {}, "Why"), ...reasons),
    textField("Note (needed for “other”)", "note", workOf(alias).note, 600),
  ], "Set aside");
  if (said) await act("aside", { alias, reason: said.reason, note: said.note });
  return Boolean(said);
}

/** Ask for a name and make a pile, with one response on it where an alias is given. */
export async function newPile(alias = "") {
  const said = await ask(alias ? `A new pile for ${alias}` : "A new pile", [
    make("p", { className: "quiet small" }, "What do these works have in common? Your own words, such as “counts particles”."),
    textField("Name", "name"),
  ], "Make the pile");
  if (!said?.name.trim()) return false;
  return Boolean(await act("add", { name: said.name, ...(alias && { alias }) }));
}

/** Ask for the learning objective and keep it. */
export async function askObjective() {
  const said = await ask("Learning objective", [
    make("p", { className: "quiet small" }, "What should the work show understanding of? Levels are judged against this."),
    make("label", {}, "The work shows understanding …", make("textarea", { name: "text", rows: 3, maxLength: 600, value: sort.objective })),
  ], "Keep");
  if (said) await act("objective", { text: said.text });
}

/** Ask whether words that may be students' names are only words; gives whether they are. */
onDoubt(async (places) => (await ask("Do you mean a student?", [
  make("p", {}, places.length > 1 ? "The words in the gaps are also names of students:" : "The word in the gap is also a student's name:"),
  make("ul", {}, ...places.map((place) => make("li", {}, `“${place}”`))),
], places.length > 1 ? "No, only words" : "No, only a word")) !== null);
