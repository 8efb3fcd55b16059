// The questions of the review page. Each opens the one dialog and resolves with the answer, or null where there is none.

import { byId, make } from "./house.js";

const KEYS = [
  ["⏎ or Space", "approve this page and go on"], ["→ ←", "next page, page before"], ["P", "as colleagues get it, and back"],
  ["drag, or B", "a new cover"], ["Tab", "to a cover; arrows move it, Shift and arrows resize it, Del drops it"],
  ["C", "cover all that is flagged"], ["E", "cover the chosen place on every page"], ["N", "the chosen place is the name field"],
  ["A", "set the work aside"], ["!", "needs attention now"], ["W", "whose work it is"], ["M", "move the page to another work"],
  ["X", "the page is blank"], ["T", "turn the page"], ["+ − 0", "larger, smaller, fit"], ["U", "undo"], ["D", "done"],
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
  const buttons = [["Cancel", ""], ["Set the work aside", "aside", "first"]];
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
  const answer = await ask("This work needs attention now", [
    make("p", { className: "attention" }, attention),
    make("p", {}, `The original is kept as it is: ${row.where}. The work is set aside, and nothing of it is shared.`),
    make("p", { className: "quiet small" }, "The sentence above is yours to change: “attention” in set.toml."),
  ], [["Cancel", ""], ["Keep it back", "now", "first"]]);
  return answer ? { kind: "needs attention now" } : null;
}

export async function askMove(row, aliases) {
  const list = make("div", { className: "list", tabIndex: 0 }, ...aliases.filter((alias) => alias !== row.alias).map((alias) => radio("to", alias, alias)));
  const answer = await ask("Move this page to another work", [
    make("p", { className: "quiet" }, "The other pages stay where they are. Every alias is kept."),
    make("fieldset", {}, make("legend", { className: "unseen" }, "Where to"),
      ...(row.said.joins ? [radio("to", "", "Back to where the stack has it", true)] : []),
      radio("to", "new", "A work of its own", !row.said.joins), list),
  ], [["Cancel", ""], ["Move it", "move", "first"]]);
  return answer ? { to: answer.data.get("to") } : null;
}

export async function askWhose(row, students, known) {
  const guesses = known?.guesses ?? [];
  const rest = students.map((_, index) => index).filter((index) => !guesses.includes(index));
  const line = (index) => radio("student", String(index), students[index], known?.student === index);
  const others = make("div", { className: "list", tabIndex: 0 }, ...rest.map(line));
  const search = make("input", { type: "search", id: "search", autocomplete: "off" });
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    [...others.children].forEach((label) => { label.hidden = !label.textContent.toLowerCase().includes(wanted); });
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    [...others.children].find((label) => !label.hidden)?.querySelector("input").click();
  });
  const how = known?.by_teacher ? "as you said" : known?.by_code ? "by the code of its sheet" : "by its name field";
  const answer = await ask(`Whose work is ${row.alias}?`, [
    make("p", { className: "quiet" }, known?.name ? `Now: ${known.name}, ${how}.` : `Open: ${known?.why || "nothing is known yet"}.`),
    make("p", { className: "quiet small" }, "Only you see this. It goes into the key, never to colleagues."),
    make("fieldset", {}, make("legend", { className: "small" }, guesses.length ? "Nearest" : "Nobody comes near"), ...guesses.map(line)),
    make("label", { htmlFor: "search" }, "Find"), search,
    make("fieldset", {}, make("legend", { className: "unseen" }, "Everybody"), others),
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
    make("p", {}, "The place is covered on this page of every work, and the alias is written into it. All pages are looked at anew, which takes a while, and what you approved is to be looked at once more."),
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

export function showReport(report) {
  const held = report.held.map(({ alias, reasons }) => make("li", {}, make("strong", {}, alias), `: ${reasons.join("; ")}`));
  const works = (count) => `${count} ${count === 1 ? "work" : "works"}`;
  return ask(report.held.length ? "Some work still waits" : "All is applied", [
    make("p", {}, `${works(report.released)} released, names removed, each under its alias.`),
    ...(held.length ? [make("p", {}, `${works(held.length)} held, and private:`), make("ul", { className: "list", tabIndex: 0 }, ...held)] : []),
    ...report.notes.map((note) => make("p", { className: "quiet" }, `Note: ${note}.`)),
  ], [["Go on looking", "stay"], ["Close the review", "close", "first"]]);
}
