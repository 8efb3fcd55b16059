// The questions of the review page. Each opens the one dialog and resolves with the answer, or null where there is none.

import { byId, make } from "./house.js";

const KEYS = [
  ["⏎ or Space", "show the rest of it; then approve what was on screen and go on"], ["→ ←", "next page, page before"],
  ["C", "cover the flagged word"], ["K", "it is not a name"], ["L", "it is not a name, in the whole class"], ["V", "cover all that is flagged on this page"],
  ["P", "as colleagues get it, and back"], ["drag, or B", "a new cover; Escape leaves it"],
  ["Tab", "to a cover; arrows move it, Shift and arrows resize it, Del drops it"], ["E", "cover the chosen place on every page"], ["N", "the chosen place is the name field"],
  ["A", "set the response aside"], ["!", "needs attention now"], ["W", "who wrote it"], ["O", "the next response without a student"], ["G", "all pages of the class"], ["M", "move the page to another response"],
  ["J", "join with the page before, or split from it, in a stack without a task"],
  ["X", "the page is blank"], ["T", "turn the page"], ["+ − 0", "larger, smaller, as wide as the window or whole"], ["U", "undo"], ["D", "done"],
];

function ask(title, parts, buttons) {
  const dialog = byId("dialog");
  const before = document.activeElement;
  return new Promise((resolve) => {
    const form = make("form", { method: "dialog" }, make("h2", { id: "dialogtitle" }, title), ...parts);
    const foot = make("div", { className: "foot" });
    for (const [label, value, className = ""] of buttons) {
      foot.append(make("button", { value, className, type: value === "" ? "button" : "submit" }, label));
    }
    form.append(foot);
    let over = false;
    const end = (value) => { // at once: the close event comes later, when the next question may be open already
      if (over) return;
      over = true;
      const data = new FormData(form);
      if (dialog.open) dialog.close();
      form.remove();
      before?.focus?.({ preventScroll: true });
      resolve(value ? { value, data } : null);
    };
    foot.querySelector("button[type=button]")?.addEventListener("click", () => end(""));
    form.addEventListener("submit", (event) => { event.preventDefault(); end(event.submitter.value); });
    form.addEventListener("keydown", (event) => { // Enter says what the main button says, not what the first one does
      if (event.key !== "Enter" || event.defaultPrevented || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      form.requestSubmit(foot.querySelector("button.first"));
    });
    dialog.oncancel = (event) => { event.preventDefault(); end(""); };
    dialog.onclose = () => { if (!dialog.open) end(""); };
    dialog.replaceChildren(form);
    dialog.showModal();
    if (!form.querySelector("input, textarea")) foot.querySelector("button.first").focus(); // Enter does what it says
  });
}

const radio = (name, value, label, checked = false) =>
  make("label", { className: "choice" }, make("input", { type: "radio", name, value, checked, required: true }), label);

export const showKeys = () =>
  ask("Keys", [make("table", {}, ...KEYS.map(([key, what]) => make("tr", {}, make("td", {}, make("kbd", {}, key)), make("td", {}, what))))],
    [["Close", "closed", "first"]]);

export async function askAside(row) {
  const kinds = [["illegible", "Illegible"], ["promotes a stereotype", "Promotes a stereotype"],
    ["identifies someone", "Identifies someone"], ["set aside by the teacher", "Another reason"]];
  const note = make("textarea", { name: "note", rows: 2, id: "note", maxLength: 2000 });
  const buttons = [["Cancel", ""], ["Set it aside", "aside", "first"]];
  if (row.aside) buttons.splice(1, 0, ["Take it back in", "back"]);
  const answer = await ask(`Set ${row.alias || "this page"} aside`, [
    make("p", { className: "quiet" }, "All its pages stay private. You can take it back in at any time."),
    make("fieldset", {}, make("legend", { className: "unseen" }, "Why"), ...kinds.map(([value, label], index) => radio("kind", value, label, row.aside ? row.aside === value : index === 0))),
    make("label", { htmlFor: "note" }, "A note for yourself"), note,
  ], buttons);
  if (!answer) return null;
  return answer.value === "back" ? { kind: "" } : { kind: answer.data.get("kind"), note: answer.data.get("note") };
}

export async function askNow(row, attention) {
  const answer = await ask("This response needs attention now", [
    make("p", { className: "attention" }, attention),
    make("p", {}, `The original is kept as it is: ${row.where}. The response is set aside, and nothing of it is shared.`),
    make("p", { className: "quiet small" }, "The sentence above is yours to change: “attention” in set.toml."),
  ], [["Cancel", ""], ["Keep it back", "now", "first"]]);
  return answer ? { kind: "needs attention now" } : null;
}

export async function askMove(row, aliases, whose) {
  const named = (alias) => (whose[alias]?.name ? `${alias} · ${whose[alias].name}` : alias);
  const list = make("div", { className: "list", tabIndex: 0 }, ...aliases.filter((alias) => alias !== row.alias).map((alias) => radio("to", alias, named(alias))));
  const answer = await ask("Move this page to another response", [
    make("p", { className: "quiet" }, "The other pages stay where they are. Every alias is kept."),
    make("fieldset", {}, make("legend", { className: "unseen" }, "Where to"),
      ...(row.said.joins ? [radio("to", "", "Back to where the stack has it", true)] : []),
      radio("to", "new", "A response of its own", !row.said.joins), list),
  ], [["Cancel", ""], ["Move it", "move", "first"]]);
  return answer ? { to: answer.data.get("to") } : null;
}

/** Letters without accents and capitals, so that they are found as they are typed. */
const plain = (text) => text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** `taken` are the places of students who have a response already. */
export async function askWhose(row, students, known, taken = []) {
  const guesses = known?.guesses ?? [];
  const owned = new Set(taken);
  const rest = students.map((_, index) => index).filter((index) => !guesses.includes(index));
  const line = (index) => radio("student", String(index), students[index], known?.student === index);
  const group = (words, places, className = "") =>
    make("fieldset", { hidden: !places.length }, make("legend", { className: "small" }, words), make("div", { className }, ...places.map(line)));
  const groups = [
    group("Nearest", guesses),
    group("Still without a response", rest.filter((index) => !owned.has(index))),
    group("Have a response already", rest.filter((index) => owned.has(index))),
  ];
  const list = make("div", { className: "list", tabIndex: 0 }, ...groups);
  const lines = [...list.querySelectorAll("label")];
  const search = make("input", { type: "search", id: "search", autocomplete: "off", autofocus: true });
  search.addEventListener("input", () => {
    const wanted = plain(search.value);
    lines.forEach((label) => { label.hidden = !plain(label.textContent).includes(wanted); });
    groups.forEach((one) => { one.hidden = [...one.querySelectorAll("label")].every((label) => label.hidden); });
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !search.value.trim()) return; // without a word, Enter takes what is chosen
    const first = lines.find((label) => !label.hidden)?.querySelector("input");
    if (first) first.checked = true; // and the dialog's own Enter says it
    else event.preventDefault();
  });
  const how = known?.by_teacher ? "as you said" : known?.by_code ? "by the code of its sheet" : "by its name field";
  const answer = await ask(`Who wrote ${row.alias}?`, [
    make("p", { className: "quiet" }, known?.name ? `Now: ${known.name}, ${how}.` : `Open: ${known?.why || "nothing is known yet"}.`),
    make("p", { className: "quiet small" }, "Only you see this. It goes into the key, never to colleagues."),
    make("label", { htmlFor: "search" }, "Find; Enter takes the first"), search, list,
  ], [["Cancel", ""], ["Leave it to the name field", "open"], ["It is this student’s", "say", "first"]]);
  if (!answer) return null;
  if (answer.value === "open") return { student: null };
  const student = answer.data.get("student");
  return student === null ? null : { student: Number(student) };
}

// "open" must work without a student chosen.
byId("dialog").addEventListener("click", (event) => {
  if (event.target.value === "open" || event.target.value === "back") event.target.formNoValidate = true;
}, { capture: true });

export const askNameField = () =>
  ask("This is the name field", [
    make("p", {}, "The place is covered on this page of every response, and the alias is written into it. All pages are looked at anew, which takes a while, and what you approved is to be looked at once more."),
  ], [["Cancel", ""], ["Use it for the whole class", "field", "first"]]);

export const askDone = (counts) =>
  ask("Apply what you decided?", [
    make("p", {}, counts),
    make("p", { className: "quiet" }, "Covers are burnt into the pages that are shared, and all is checked again. Aliases stay as they are."),
  ], [["Go on looking", ""], ["Apply", "apply", "first"]]);

/** Shown while the set is prepared again; it cannot be closed by key. Returns how to change and to end it. */
export function showRunning() {
  const dialog = byId("dialog");
  const bar = make("progress", { attr: { "aria-label": "How far it is" } });
  const text = make("p", { className: "quiet", attr: { role: "status" } }, "Starting …");
  const stay = (event) => event.preventDefault();
  dialog.replaceChildren(make("div", { className: "stack", tabIndex: -1 }, make("h2", { id: "dialogtitle" }, "Applying what you decided"), bar, text));
  dialog.addEventListener("cancel", stay);
  dialog.showModal();
  return {
    tell(words, done, of) {
      text.textContent = of ? `${words}: ${done} of ${of}` : words;
      if (of) Object.assign(bar, { max: of, value: done });
      else bar.removeAttribute("value");
    },
    end() {
      dialog.removeEventListener("cancel", stay);
      dialog.close();
      dialog.replaceChildren();
    },
  };
}

const responses = (count) => `${count} ${count === 1 ? "response" : "responses"}`;

/** What was applied, what is still on hold, and the next command. */
function outcome(report) {
  const held = report.held.map(({ alias, reasons }) => make("li", {}, make("strong", {}, alias), `: ${reasons.join("; ")}`));
  return [
    make("p", {}, `${responses(report.released)} released: names removed, each under its alias.${report.unseen ? ` ${report.unseen} of them ${report.unseen === 1 ? "is" : "are"} not looked at yet.` : " All of them are looked at."}`),
    ...(held.length ? [make("p", {}, `${responses(held.length)} still on hold, and private:`), make("ul", { className: "list", tabIndex: 0 }, ...held)] : []),
    ...report.notes.map((note) => make("p", { className: "quiet" }, `Note: ${note}.`)),
    ...(report.next ? [make("p", {}, `Next, in the terminal: ${report.next.why}`), make("p", {}, make("code", { id: "nextcommand" }, report.next.command))] : []),
  ];
}

export function showReport(report) {
  const left = report.held.length || report.unseen;
  return ask(report.held.length ? "Applied; something is still on hold" : "All is applied", outcome(report),
    left ? [["Close the review", "close"], ["Go on looking", "", "first"]] : [["Go on looking", ""], ["Close the review", "close", "first"]]);
}

/** What is left on screen when the page is closed; `more` is how many classes come after this one. */
export const endPage = (report, more = 0) =>
  make("main", { className: "ended" }, make("h1", {}, more ? "This class is done. The next one opens here." : "The review is closed."), ...outcome(report),
    make("p", { className: "quiet", attr: { role: "status" } }, more ? "Loading …" : "You can close this window."));
