import { expect, test } from "vitest";
import { readEvents } from "../../engine/simulate/events.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";

const GOOD = '{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","event":"order.placed"}';

/** Lines that can't be read, and what is said of each. */
const BROKEN: [string, string][] = [
  ["{", "not JSON"],
  ['{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","event":"a"', "not JSON"],
  ["\u0000", "not JSON"],
  ["{'at': 1}", "not JSON"],
  ["[]", "must be a JSON object"],
  ["null", "must be a JSON object"],
  ["3", "must be a JSON object"],
  ['"text"', "must be a JSON object"],
  ["{}", "“at” must be a moment"],
  ['{"at":"tomorrow","contact":"ann@x.example","event":"a"}', "“at” must be a moment"],
  ['{"at":"2026-02-30T00:00:00Z","contact":"ann@x.example","event":"a"}', "“at” must be a moment"],
  ['{"at":"2026-01-02T00:00:00","contact":"ann@x.example","event":"a"}', "“at” must be a moment"],
  ['{"at":1767312000000,"contact":"ann@x.example","event":"a"}', "“at” must be a moment"],
  ['{"at":"2026-01-02T00:00:00Z","event":"a"}', "“contact” must be"],
  ['{"at":"2026-01-02T00:00:00Z","contact":["ann"],"event":"a"}', "“contact” must be"],
  ['{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example"}', "says what happened"],
  ['{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","evnt":"a"}', "says what happened"],
  [
    '{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","message":{"node":"a","event":"read"}}',
    "“message.event” must be",
  ],
  [
    '{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","survey":{"node":"a","score":"9"}}',
    "“survey.score” must be",
  ],
];

test("broken lines of an event file are told by their number, and the good ones between them are kept", () => {
  const text = BROKEN.flatMap(([line]) => [line, GOOD, "", "   "]).join("\n");
  const { events, problems } = readEvents(text, plainWorkspace());
  expect(problems.map((p) => p.line).sort((a, b) => a - b)).toEqual(
    BROKEN.map((_, i) => i * 4 + 1),
  );
  for (const [i, [line, part]] of BROKEN.entries()) {
    const problem = problems.find((p) => p.line === i * 4 + 1);
    expect(problem?.message.en, line).toContain(part);
    expect(problem?.message.ar, line).not.toBe("");
  }
  expect(events.map((e) => e.line)).toEqual(BROKEN.map((_, i) => i * 4 + 2));
});

test("an event file may have a byte order mark, Windows line ends and no last line end", () => {
  const { events, problems } = readEvents(`\uFEFF${GOOD}\r\n\r\n${GOOD}`, plainWorkspace());
  expect(problems).toEqual([]);
  expect(events.map((e) => e.line)).toEqual([1, 3]);
});

test("keys that objects inherit are data like any other", () => {
  const line =
    '{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","event":"__proto__","data":{"__proto__":{"polluted":true},"constructor":1}}';
  const { events, problems } = readEvents(line, plainWorkspace());
  expect(problems).toEqual([]);
  expect(events).toHaveLength(1);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a line of 10 MB and a line nested 100,000 deep cost neither the file nor the program", () => {
  const long = JSON.stringify({
    at: "2026-01-02T00:00:00Z",
    contact: "ann@x.example",
    event: "a",
    data: { text: "ب".repeat(5_000_000) },
  });
  const deep = `{"at":"2026-01-02T00:00:00Z","contact":"ann@x.example","event":"a","data":{"x":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
  const { events, problems } = readEvents([long, deep, GOOD].join("\n"), plainWorkspace());
  expect(events.length + problems.length).toBe(3);
  expect(events.map((e) => e.line)).toEqual(expect.arrayContaining([1, 3]));
});
