import { describe, expect, it } from "vitest";
import call from "../../nodes/call.ts";
import notify from "../../nodes/notify.ts";
import task from "../../nodes/task.ts";
import webhook from "../../nodes/webhook.ts";
import { at, NOW, pointers, runNode } from "./fake.ts";

const again = { by: "again" } as const;
const HOUR = 3_600_000;

describe("call", () => {
  const data = {
    script: "Ask {{name}}\nabout the trial",
    assignee: "{{owner}}",
    due: "P1D",
    timeout: "P3D",
  };
  const values = { name: "Sara", owner: "omar@x.example" };

  it("opens a call with the rendered script and waits for its outcome", () => {
    expect(runNode(call, data, {}, { values })).toEqual({
      effects: [
        {
          do: "task",
          kind: "call",
          title: "Ask Sara",
          notes: "Ask Sara\nabout the trial",
          assignee: "omar@x.example",
          due: at("2026-03-02T10:00"),
        },
      ],
      wait: at("2026-03-04T10:00"),
      for: "task",
    });
  });

  it("names nobody when the assignee renders empty, and waits for ever without a timeout", () => {
    expect(runNode(call, { script: "Ask", assignee: "{{owner}}" })).toEqual({
      effects: [
        { do: "task", kind: "call", title: "Ask", notes: "Ask", assignee: undefined, due: null },
      ],
      wait: null,
      for: "task",
    });
  });

  it.each([
    ["answered", "answered"],
    ["no-answer", "no-answer"],
    ["not-interested", "not-interested"],
    ["done", "answered"],
  ])("closed as %s leaves by %s", (outcome, leave) => {
    expect(runNode(call, data, { woke: { by: "outcome", outcome } })).toEqual({ leave });
  });

  it("leaves by timeout when nobody closes it", () => {
    expect(runNode(call, data, { woke: { by: "time" } })).toEqual({ leave: "timeout" });
  });

  it("opens no second call after a pause and moves its timeout by it", () => {
    expect(runNode(call, data, { woke: again, shift: HOUR })).toEqual({
      wait: at("2026-03-04T11:00"),
      for: "task",
    });
    expect(runNode(call, data, { woke: again, now: NOW + 73 * HOUR })).toEqual({
      leave: "timeout",
      due: at("2026-03-04T10:00"),
    });
  });
});

describe("task", () => {
  it("is opened and left at once when it needn't be waited for", () => {
    const effects = [
      {
        do: "task",
        kind: "task",
        title: "Send a card",
        notes: undefined,
        assignee: undefined,
        due: null,
      },
    ];
    expect(runNode(task, { title: "Send a card" })).toEqual({ effects, leave: "next" });
  });

  it("waits until it is done or the time is up", () => {
    const data = { title: "Check", notes: "Why {{name}}", waitForDone: true, timeout: "P1D" };
    expect(runNode(task, data, {}, { values: { name: "Sara" } })).toEqual({
      effects: [
        {
          do: "task",
          kind: "task",
          title: "Check",
          notes: "Why Sara",
          assignee: undefined,
          due: null,
        },
      ],
      wait: at("2026-03-02T10:00"),
      for: "task",
    });
    expect(runNode(task, data, { woke: { by: "outcome", outcome: "done" } })).toEqual({
      leave: "next",
    });
    expect(runNode(task, data, { woke: { by: "time" } })).toEqual({ leave: "timeout" });
    expect(runNode(task, data, { woke: again })).toEqual({
      wait: at("2026-03-02T10:00"),
      for: "task",
    });
  });

  it("goes on when a new version no longer waits for it", () => {
    expect(runNode(task, { title: "x" }, { woke: again })).toEqual({ leave: "next" });
    const woke = { by: "outcome", outcome: "timeout" } as const;
    expect(runNode(task, { title: "x" }, { woke })).toEqual({ leave: "next" });
  });

  it("has an output for the timeout only when it waits", () => {
    expect(task.outputs({ title: "x" }).map((o) => o.id)).toEqual(["next"]);
    expect(task.outputs({ title: "x", waitForDone: true }).map((o) => o.id)).toEqual([
      "next",
      "timeout",
    ]);
    expect(pointers(task, { title: "x", timeout: "P1D" })).toEqual(["/timeout"]);
  });
});

describe("webhook", () => {
  const url = "https://crm.example.com/leads";

  it("posts with ten seconds' patience unless told otherwise, and waits for the answer", () => {
    expect(runNode(webhook, { url })).toEqual({
      effects: [
        { do: "request", url, method: "POST", headers: {}, body: undefined, timeout: "PT10S" },
      ],
      wait: null,
      for: null,
    });
    const told = {
      url,
      method: "PUT" as const,
      headers: { A: "{{secret.K}}" },
      body: { x: "{{y}}" },
      timeout: "PT3S",
    };
    expect(runNode(webhook, told).effects).toEqual([{ do: "request", ...told }]);
  });

  it("keeps the answer's body under its name, else under the node's id", () => {
    const woke = { by: "answer", ok: true, status: 200, body: { id: 7 } } as const;
    expect(runNode(webhook, { url, saveAs: "crm" }, { woke })).toEqual({
      effects: [{ do: "store", as: "crm", value: { id: 7 } }],
      leave: "ok",
    });
    expect(runNode(webhook, { url }, { woke: { ...woke, ok: false, status: 500 } })).toEqual({
      effects: [{ do: "store", as: "n1", value: { id: 7 } }],
      leave: "failed",
    });
  });

  it("doesn't call a second time after a pause", () => {
    expect(runNode(webhook, { url }, { woke: again })).toEqual({ wait: null, for: null });
  });

  it("refuses what is no web address and what is no header", () => {
    expect(pointers(webhook, { url: "crm.example.com" })).toEqual(["/url"]);
    expect(pointers(webhook, { url: "file:///etc/passwd" })).toEqual(["/url"]);
    expect(pointers(webhook, { url: "{{param.crm}}/leads" })).toEqual([]);
    expect(pointers(webhook, { url, headers: { "X-Ok": "1", "a/b c": "2" } })).toEqual([
      "/headers/a~1b c",
    ]);
  });
});

describe("notify", () => {
  it("writes to the team and goes on", () => {
    const data = { to: "{{owner}}", subject: "S {{x}}", body: { en: "B" } };
    expect(runNode(notify, data, {}, { values: { owner: "omar@x.example" } })).toEqual({
      effects: [{ do: "notify", to: "omar@x.example", subject: "S {{x}}", body: { en: "B" } }],
      leave: "next",
    });
  });
});
