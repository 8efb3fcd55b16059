// The page for a projector: one sample, two side by side, all answers to one question, or the task; by key and by mouse.

import { announce, byId, change, closeSite, isTaken, make, read, tell } from "./house.js";
import { Boxes } from "./boxes.js";

const KEYS = [
  ["→ ←", "key_walk"], ["↓ ↑", "key_turn"], ["1", "key_one"], ["2", "key_two"], ["3", "key_answers"], ["T", "key_task"],
  ["+ −", "key_size"], ["0", "key_fit"], ["F", "key_full"], ["E", "key_adjust"], ["Esc", "key_leave"],
];
const READABLE = 560; // pixels: an answer is not made narrower than this on its own

const view = { all: null, how: "one", at: 0, other: 1, side: 0, page: 0, question: 0, zoom: 1, columns: 0, adjusting: false };
const stage = byId("stage");

/** A text in the reader's language, with its values; of a list, the one for that number. */
function say(key, values = {}) {
  const text = view.all.words[key];
  const one = Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text;
  return one.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

const samples = () => view.all.samples;
const picture = (sample, page) => `/picture/${sample}-${page}/page`;
const image = (src, alt) => make("img", { src, alt, decoding: "async" });
const sampleAt = (index) => samples()[(index + samples().length) % samples().length];

// ---- what is shown

function render() {
  stage.className = `stage${view.zoom === 1 ? " fits" : ""}`;
  stage.style.setProperty("--zoom", String(view.zoom));
  const { words, parts } = view.adjusting ? adjusting() : { one, two, question, task }[view.how]();
  stage.replaceChildren(...parts);
  for (const how of ["one", "two", "question", "task"]) byId(how).setAttribute("aria-pressed", String(view.how === how && !view.adjusting));
  byId("adjust").setAttribute("aria-pressed", String(view.adjusting));
  byId("task").disabled = !view.all.task;
  byId("adjust").disabled = !view.all.task;
  byId("two").disabled = samples().length < 2;
  chips();
  announce(words);
  ahead();
}

function headed(title, more, ...rest) {
  return [make("div", { className: "head" }, make("h2", {}, title), make("p", { className: "quiet" }, more)), ...rest];
}

function one() {
  const sample = samples()[view.at];
  const shown = [...Array(sample.pages).keys()];
  const row = make("div", { className: "pages" }, ...shown.map((page) => image(picture(view.at, page), say("alias_page", { alias: sample.alias, page: page + 1, pages: sample.pages }))));
  row.style.setProperty("--count", String(Math.min(2, sample.pages)));
  return { words: sample.alias, parts: headed(sample.alias, say("of", { n: view.at + 1, all: samples().length }), row) };
}

function side(index, place) {
  const sample = samples()[index];
  const page = Math.min(view.page, sample.pages - 1);
  const shown = image(picture(index, page), say("alias_page", { alias: sample.alias, page: page + 1, pages: sample.pages }));
  return make("section", { className: "side", data: { on: String(view.side === place) } },
    make("h2", {}, sample.alias), make("div", { className: "pages" }, shown));
}

function two() {
  const both = [view.at, view.other];
  const sides = make("div", { className: "sides" }, ...both.map(side));
  const names = say("and", { one: samples()[view.at].alias, other: samples()[view.other].alias });
  const most = Math.max(...both.map((index) => samples()[index].pages));
  return { words: names, parts: [make("p", { className: "quiet" }, most > 1 ? say("page_of", { page: Math.min(view.page, most - 1) + 1, pages: most }) : ""), sides] };
}

function question() {
  const count = view.all.questions.length;
  const answers = samples().map((sample, index) => make("figure", { className: "answer" },
    make("figcaption", {}, sample.alias),
    sample.answers[view.question]
      ? image(`/answer/${index}-${view.question}/page${version}`, say("answer_of", { alias: sample.alias, n: view.question + 1 }))
      : make("p", { className: "none" }, say("not_handed_in"))));
  const grid = make("div", { className: "answers" }, ...answers);
  const natural = Math.max(1, Math.min(4, samples().length, Math.floor(stage.clientWidth / READABLE)));
  grid.style.setProperty("--columns", String(view.columns || natural));
  view.natural = natural;
  const title = say("answers_of", { n: view.question + 1, all: count }); // the task has numbers of its own, so this is no “question 3”
  return { words: title, parts: headed(title, say("page_of_task", { page: view.all.questions[view.question].page }), grid) };
}

function task() {
  const shown = [...Array(view.all.task).keys()].map((page) => image(`/picture/task-${page}/page`, say("task_page", { page: page + 1 })));
  const row = make("div", { className: "pages" }, ...shown);
  row.style.setProperty("--count", String(Math.min(2, view.all.task)));
  return { words: say("the_task"), parts: headed(say("the_task"), say("as_students_got_it"), row) };
}

/** One button for each sample, or for each question. */
function chips() {
  const isQuestion = view.how === "question";
  const rows = view.how === "task" || view.adjusting ? [] : isQuestion ? view.all.questions.map((_, index) => String(index + 1)) : samples().map((one) => one.alias);
  const current = isQuestion ? view.question : view.how === "two" && view.side === 1 ? view.other : view.at;
  const other = view.how === "two" ? (view.side === 1 ? view.at : view.other) : -1;
  byId("chips").replaceChildren(...rows.map((words, index) => {
    const chip = make("button", { type: "button", attr: { "aria-current": String(index === current) }, data: { other: String(index === other) } }, words);
    chip.addEventListener("click", () => { to(index); stage.focus(); });
    return chip;
  }));
  const shown = byId("chips").children[current];
  if (shown) byId("chips").scrollLeft = shown.offsetLeft - byId("chips").clientWidth / 2;
  for (const id of ["back", "next"]) byId(id).disabled = !rows.length;
}

/** Get the pictures ready that will be shown next. */
function ahead() {
  if (view.adjusting || view.how === "task") return;
  const next = view.how === "question" ? [] : [sampleAt(view.at + 1)];
  for (const sample of next) new Image().src = picture(samples().indexOf(sample), 0);
}

// ---- moving about

function to(index) {
  if (view.how === "question") view.question = index;
  else if (view.how === "two" && view.side === 1) view.other = index;
  else view.at = index;
  view.page = 0;
  stage.scrollTop = 0;
  render();
}

function step(by) {
  if (view.how === "task" || view.adjusting) return;
  const count = view.how === "question" ? view.all.questions.length : samples().length;
  const now = view.how === "question" ? view.question : view.how === "two" && view.side === 1 ? view.other : view.at;
  to((now + by + count) % count);
}

function turnPage(by) {
  if (view.how !== "two" || view.adjusting) {
    stage.scrollBy({ top: by * stage.clientHeight * 0.8 });
    return;
  }
  const most = Math.max(samples()[view.at].pages, samples()[view.other].pages);
  view.page = Math.min(most - 1, Math.max(0, view.page + by));
  render();
}

function show(how) {
  if (byId(how).disabled) return;
  view.adjusting = false;
  view.how = how;
  if (how === "two" && view.other === view.at) view.other = (view.at + 1) % samples().length;
  view.zoom = 1;
  render();
}

function larger(by) {
  if (view.how === "question" && !view.adjusting) view.columns = Math.min(6, Math.max(1, (view.columns || view.natural) - by));
  else view.zoom = Math.min(4, Math.max(1, view.zoom * (by > 0 ? 1.35 : 1 / 1.35)));
  if (view.zoom < 1.1) view.zoom = 1;
  render();
}

function fit() {
  Object.assign(view, { zoom: 1, columns: 0 });
  render();
}

function otherSide() {
  view.side = 1 - view.side;
  render();
}

async function fullScreen() {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen?.().catch(() => tell(say("no_full")));
}

// ---- where the questions are

let version = "";

function adjusting() {
  const papers = view.sizes.map((_, index) => paper(index + 1));
  const again = make("button", { type: "button" }, say("again"));
  const done = make("button", { type: "button", className: "first" }, say("done"));
  again.addEventListener("click", () => keep([]));
  done.addEventListener("click", leaveAdjusting);
  const panel = make("div", { className: "panel" },
    make("p", {}, say("drag")),
    make("p", { className: "quiet", attr: { role: "status" } }, say("saved", { n: view.all.questions.length })), done, again);
  return { words: say("adjust_questions"), parts: headed(say("where_questions"), "", make("div", { className: "adjusting" }, make("div", { className: "papers" }, ...papers), panel)) };
}

function paper(page) {
  const sheet = make("div", { className: "paper" }, image(`/picture/task-${page - 1}/page`, say("task_page", { page })));
  const others = () => view.all.questions.filter((one) => one.page !== page);
  const mine = () => view.all.questions.filter((one) => one.page === page);
  const without = (box) => mine().filter((one) => one.box.some((value, index) => Math.abs(value - box[index]) > 1e-6));
  const boxes = new Boxes({
    draw: (box) => keep([...others(), ...mine(), { page, box }]),
    resize: (entry, box) => keep([...others(), ...without(entry.box), { page, box }]),
    drop: (entry) => keep([...others(), ...without(entry.box)]),
    act: () => {}, choose: () => {}, drawing: () => {},
  }, sheet, stage);
  boxes.show({ covers: mine().map(({ box }) => ({ box, kind: "question", by: "question" })), flags: [], dropped: [] }, "");
  sheet.querySelectorAll(".box").forEach((box, index) => box.setAttribute("aria-label", say("question_place", { n: index + 1, page })));
  return sheet;
}

async function keep(questions) {
  try {
    view.all = await change("/api/questions", { questions });
    version = `${Date.now()}`;
    view.question = Math.min(view.question, view.all.questions.length - 1);
    const { scrollTop } = stage.querySelector(".papers");
    render();
    stage.querySelector(".papers").scrollTop = scrollTop;
  } catch (error) {
    tell(error.message, 10);
  }
}

function adjust() {
  if (byId("adjust").disabled) return tell(say("no_task"));
  view.adjusting = !view.adjusting;
  render();
}

function leaveAdjusting() {
  view.adjusting = false;
  view.how = "question";
  render();
}

// ---- keys and buttons

const KEY = {
  ArrowRight: () => step(1), ArrowLeft: () => step(-1), PageDown: () => step(1), PageUp: () => step(-1), " ": () => step(1),
  ArrowDown: () => turnPage(1), ArrowUp: () => turnPage(-1), 1: () => show("one"), 2: () => show("two"), 3: () => show("question"), t: () => show("task"),
  "+": () => larger(1), "=": () => larger(1), "-": () => larger(-1), 0: fit, f: fullScreen, e: adjust, "?": showKeys,
  Escape: () => view.adjusting && leaveAdjusting(),
};

function showKeys() {
  byId("keytable").replaceChildren(...KEYS.map(([key, what]) => make("tr", {}, make("td", {}, make("kbd", {}, key)), make("td", {}, say(what)))));
  byId("dialog").showModal();
}

document.addEventListener("keydown", (event) => {
  if (isTaken(event) || !view.all) return;
  if (event.key === "Tab" && view.how === "two" && !event.shiftKey && document.activeElement === stage) {
    event.preventDefault();
    otherSide();
    return;
  }
  if (event.target.closest?.("button") && ["Enter", " "].includes(event.key)) return;
  const how = KEY[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!how) return;
  event.preventDefault();
  how(event);
});

let moving = 0;
document.addEventListener("pointermove", () => { // the bar shows for a while in the full screen
  document.body.classList.add("moved");
  clearTimeout(moving);
  moving = setTimeout(() => document.body.classList.remove("moved"), 2500);
});

const press = (id, how) => byId(id).addEventListener("click", () => { how(); stage.focus({ preventScroll: true }); });

for (const how of ["one", "two", "question", "task"]) press(how, () => show(how));
press("back", () => step(-1));
press("next", () => step(1));
press("in", () => larger(1));
press("out", () => larger(-1));
press("adjust", adjust);
press("full", fullScreen);
byId("keys").addEventListener("click", showKeys);
press("close", async () => {
  await closeSite();
  document.body.replaceChildren(make("main", { className: "ended" }, make("h1", {}, say("ended")), make("p", { className: "quiet" }, say("close_window"))));
});
addEventListener("resize", () => { if (view.all && view.how === "question" && !view.adjusting) render(); });

stage.focus({ preventScroll: true });
read("/api/samples").then((all) => {
  Object.assign(view, { all, sizes: all.sizes, other: Math.min(1, all.samples.length - 1) });
  render();
  if (all.unseen) tell(say("unseen", { n: all.unseen }), 8);
  document.body.dataset.ready = "true";
}, (error) => tell(error.message, 60));
