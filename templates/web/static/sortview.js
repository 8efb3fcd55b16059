// What the sort page shows of a response: its whole pages, or its answer to one question beside all other answers to it.

import { byId, make } from "./house.js";
import { sort, workOf } from "./sortstate.js";

const KEPT = "question"; // for this tab alone, so that a reload shows the same question
const WHOLE = -1;
let question = Number(sessionStorage.getItem(KEPT) ?? WHOLE);
const listeners = [];

/** Which question is shown, from 0; -1 for whole responses. */
export const shownQuestion = () => (question < sort.questions.length ? question : WHOLE);
export const onView = (listener) => listeners.push(listener);

const answerOf = (alias, kind) => `/answer/${alias}-${shownQuestion()}/${kind}?${sort.places}`;
const hasAnswer = (alias) => workOf(alias).answers[shownQuestion()];

export const picture = (alias, page, kind) => `/picture/${alias}-${page}/${kind}`;

/** The picture on a card; empty where the response lacks the page of the question. */
export function cardPicture(alias) {
  if (shownQuestion() === WHOLE) return picture(alias, 1, "small");
  return hasAnswer(alias) ? answerOf(alias, "small") : "";
}

/** What is shown of a response: its pages, one figure each, or its answer. */
export function pagesOf(alias) {
  if (shownQuestion() === WHOLE) return wholePages(alias);
  if (!hasAnswer(alias)) return [make("p", { className: "quiet none" }, "This page is not among what was handed in.")];
  return [make("figure", { className: "page answer" },
    make("img", { src: answerOf(alias, "large"), alt: `${alias}, the answer at place ${shownQuestion() + 1}, name covered`, draggable: false }))];
}

function wholePages(alias) {
  const { pages } = workOf(alias);
  return Array.from({ length: pages }, (_, at) =>
    make("figure", { className: "page", data: { page: at + 1 } },
      make("img", { src: picture(alias, at + 1, "large"), alt: `${alias}, page ${at + 1} of ${pages}, name covered`, draggable: false })));
}

/** Have a response ready before it is asked for. */
export function fetchAhead(alias) {
  const work = alias && workOf(alias);
  if (!work) return;
  if (shownQuestion() !== WHOLE) {
    if (hasAnswer(alias)) new Image().src = answerOf(alias, "large");
    return;
  }
  for (let page = 1; page <= work.pages; page += 1) new Image().src = picture(alias, page, "large");
}

/** Show another question, or whole responses. */
export function showQuestion(at) {
  question = at;
  sessionStorage.setItem(KEPT, String(at));
  fillView();
  listeners.forEach((listener) => listener());
}

/** The next question; after the last one, whole responses again. */
export function stepQuestion(by) {
  const count = sort.questions.length + 1;
  if (count > 1) showQuestion(((shownQuestion() + 1 + by + count) % count) - 1);
}

/** The list of what can be shown. A task with one place alone has nothing to choose from. */
export function fillView() {
  const several = new Set(sort.questions.map(({ page }) => page)).size > 1;
  const named = sort.questions.map(({ page }, at) => [at, `Answers ${at + 1}${several ? ` (page ${page})` : ""}`]);
  for (const list of document.querySelectorAll("select.view")) {
    list.replaceChildren(...[[WHOLE, "Whole responses"], ...named].map(([value, text]) =>
      make("option", { value: String(value), selected: value === shownQuestion() }, text)));
    list.hidden = !sort.questions.length;
    list.onchange = () => showQuestion(Number(list.value));
  }
  byId("main").classList.toggle("by-question", shownQuestion() !== WHOLE);
}
