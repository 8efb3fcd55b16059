// Pairs at the boundaries: two works beside each other, one question, and what the answer says of the levels.

import { byId, make } from "./house.js";
import { act, beginSitting, sort, workOf, LEVELS } from "./sortstate.js";
import { fillView, onView, pagesOf } from "./sortview.js";

let at = -1;         // the pair that is shown; -1 before the first look
const passed = new Set();

const sitting = () => sort.sitting;
const open = (pair, place) => pair.more === null && !passed.has(place);

export function openPairs() {
  at = sitting() ? sitting().pairs.findIndex(open) : -1;
  draw();
}

onView(() => { // the same pair, by another question
  const main = byId("main");
  if (!main.className.startsWith("pairs") || !main.querySelector(".pair")) return;
  main.firstChild.dataset.pair = "";
  draw();
});

export const updatePairs = () => { if (byId("main").className.startsWith("pairs")) draw(); };

function draw() {
  const main = byId("main");
  const levelled = sort.works.filter((work) => work.level && !work.aside);
  const kinds = LEVELS.filter((level) => levelled.some((work) => work.level === level));
  main.className = "pairs";
  fillView();
  if (!sitting() && kinds.length < 2) {
    main.replaceChildren(plain("Pairs at the boundaries", "Where works of two levels meet, a look at both side by side helps. Give levels first: there is no boundary yet."));
  } else if (!sitting()) {
    main.replaceChildren(plain("Pairs at the boundaries", "A few pairs from either side of each boundary, at most six. An answer moves nothing by itself.",
      make("button", { type: "button", className: "first", onclick: begin }, "Show the pairs")));
  } else if (at < 0 || at >= sitting().pairs.length) {
    main.replaceChildren(summary());
  } else {
    drawPair(sitting().pairs[at]);
  }
}

async function begin() {
  passed.clear();
  await beginSitting();
  at = sitting() ? 0 : -1;
  draw();
  byId("main").focus();
}

const plain = (title, text, ...more) => make("section", { className: "plain-page" }, make("h2", {}, title), make("p", {}, text), ...more);

function drawPair(pair) {
  const main = byId("main");
  const key = `${pair.one} ${pair.other}`;
  if (main.firstChild?.dataset?.pair !== key) {
    const side = (alias) => make("section", { className: "pair-side", attr: { "aria-label": alias } },
      make("h3", {}, alias), make("div", { className: "pair-pages", tabIndex: 0, attr: { role: "region", "aria-label": `Pages of ${alias}` } }, ...pagesOf(alias)));
    main.replaceChildren(make("div", { className: "pair", data: { pair: key } },
      make("div", { className: "pair-head" }),
      make("div", { className: "pair-works" }, side(pair.one), side(pair.other)),
      make("div", { className: "pair-foot" })));
  }
  const { pairs } = sitting();
  main.querySelector(".pair-head").replaceChildren(
    make("h2", {}, sort.objective ? `Which shows more understanding of this: ${sort.objective}?` : "Which shows more understanding?"),
    make("p", { className: "quiet small" }, `Pair ${at + 1} of ${pairs.length}`));
  const foot = main.querySelector(".pair-foot");
  const focused = document.activeElement?.dataset?.answer;
  const onward = foot.contains(document.activeElement) && !focused;
  const choice = (keyName, text, more) => make("button", { type: "button", data: { answer: keyName }, attr: { "aria-pressed": String(pair.more === more) }, onclick: () => answer(more) }, make("kbd", { attr: { "aria-hidden": "true" } }, keyName), " ", text);
  foot.replaceChildren(
    make("div", { className: "answers" }, choice("1", pair.one, pair.one), choice("=", "About the same", ""), choice("2", pair.other, pair.other)),
    ...(pair.verdict ? [verdict(pair)] : []),
    make("div", { className: "onward" }, make("button", { type: "button", className: pair.verdict ? "first" : "plain", onclick: next, id: "pair-next" },
      pair.verdict ? (at + 1 < pairs.length ? "Next pair" : "What came of it") : "Skip this pair")));
  if (focused) foot.querySelector(`[data-answer="${focused}"]`)?.focus();
  else if (onward) byId("pair-next").focus(); // a level that was given takes its button away
}

function verdict({ verdict: { said, agrees, moves } }) {
  const may = moves.filter((move) => workOf(move.alias).level !== move.level);
  return make("div", { className: agrees ? "verdict" : "verdict differs", attr: { role: "status" } }, make("p", {}, said),
    ...(may.length ? [make("div", { className: "moves" }, ...may.map((move) =>
      make("button", { type: "button", onclick: () => act("level", { alias: move.alias, level: move.level }) }, `Give ${move.alias} the level ${move.level}`)))] : []));
}

async function answer(more) {
  const pair = sitting().pairs[at];
  await act("compare", { one: pair.one, other: pair.other, more });
  byId("pair-next")?.focus();
}

function next() {
  if (sitting().pairs[at].more === null) passed.add(at);
  at += 1;
  draw();
  byId("main").focus();
}

function summary() {
  const { pairs, changed } = sitting();
  const said = pairs.filter((pair) => pair.more !== null);
  const differ = said.filter((pair) => !pair.verdict.agrees);
  const words = said.length === 0 ? "You looked at no pair." :
    `You looked at ${said.length} ${said.length === 1 ? "pair" : "pairs"}. ${differ.length === 0 ? "The levels agree with you in every pair." : `The levels still differ from your choice in ${differ.length}.`}`;
  return make("section", { className: "plain-page" }, make("h2", {}, "What the pairs changed"), make("p", {}, words),
    changed.length ? make("ul", {}, ...changed.map(({ alias, from, to }) => make("li", {}, `${alias}: ${from} → ${to}`))) : make("p", { className: "quiet" }, "No level was changed."),
    make("p", { className: "quiet" }, "When you are done, close this page; “mssw choose” takes it from here."),
    ...differ.map((pair) => make("p", { className: "small" }, pair.verdict.said)),
    make("div", { className: "onward" },
      make("button", { type: "button", onclick: begin }, "Look at other pairs"),
      ...(pairs.length ? [make("button", { type: "button", className: "plain", onclick: () => { at = 0; passed.clear(); draw(); } }, "See these again")] : [])));
}

export function pairKey(event) {
  if (!sitting() || at < 0 || at >= sitting().pairs.length) return false;
  const pair = sitting().pairs[at];
  const more = { 1: pair.one, 2: pair.other, "=": "" }[event.key];
  if (more !== undefined) answer(more);
  else if (event.key === "ArrowRight") next();
  else return false;
  return true;
}
