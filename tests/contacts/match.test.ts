import { describe, expect, it } from "vitest";
import { decideMatch, mergeRows, stricterConsent } from "../../engine/contacts/match.ts";
import type { ContactRow } from "../../engine/contacts/types.ts";

/** `email phone city` with `-` for none; the line is the place in the list. */
function rows(...texts: string[]): ContactRow[] {
  return texts.map((text, i) => {
    const [email, phone, city] = text.split(" ").map((part) => (part === "-" ? undefined : part));
    const fields = Object.fromEntries(
      Object.entries({ email, phone, city }).filter(([, value]) => value !== undefined),
    );
    const key = email ?? phone ?? "";
    return {
      key,
      line: i + 2,
      fields,
      tags: [],
      consent: null,
      created: null,
      flags: [],
    } as ContactRow;
  });
}
const groups = (list: ContactRow[]) =>
  mergeRows(list).map(({ key, lines }) => `${key}: ${lines.join()}`);

describe("which rows are one person", () => {
  const cases: [string, string[], string[]][] = [
    ["same e-mail", ["a p1", "a p2"], ["a: 2,3"]],
    ["same phone, one without e-mail", ["- p", "a p"], ["a: 2,3"]],
    ["same phone, different e-mails", ["a p", "b p"], ["a: 2", "b: 3"]],
    ["nothing in common", ["a p1", "b p2"], ["a: 2", "b: 3"]],
    ["same phone only", ["- p", "- p"], ["p: 2,3"]],
    ["a row that joins two", ["a -", "- p", "a p"], ["a: 2,3,4"]],
    ["a row that joins two, the phone first", ["- p", "a -", "a p"], ["a: 2,3,4"]],
    ["a family with a row of the phone alone last", ["a p", "b p", "- p"], ["a: 2,4", "b: 3"]],
    ["a family with a row of the phone alone first", ["- p", "a p", "b p"], ["a: 2,3", "b: 4"]],
    ["a family with a row of the phone alone between", ["a p", "- p", "b p"], ["a: 2,3", "b: 4"]],
    ["an earlier phone of the same person", ["a p1", "a p2", "- p1", "- p2"], ["a: 2,3,4,5"]],
    ["a phone that another e-mail holds", ["a p1", "b p2", "a p2"], ["a: 2,4", "b: 3"]],
    ["neither e-mail nor phone", ["- - X", "a -"], ["a: 3"]],
  ];
  it.each(cases)("%s", (_, texts, people) => expect(groups(rows(...texts))).toEqual(people));

  it.each([[["a -", "- p", "a p"]], [["a p1", "b p2", "a p2"]], [["- p", "- p", "a p"]]])(
    "groups %j alike in every order",
    (texts) => {
      const grouped = (list: string[]) => {
        const people = mergeRows(rows(...list));
        return people
          .map(({ lines }) =>
            lines
              .map((line) => list[line - 2])
              .sort()
              .join("; "),
          )
          .sort();
      };
      const [a = "", b = "", c = ""] = texts;
      for (const order of [
        [a, c, b],
        [b, a, c],
        [b, c, a],
        [c, a, b],
        [c, b, a],
      ]) {
        expect(grouped(order)).toEqual(grouped(texts));
      }
    },
  );
});

describe("what a merged person holds", () => {
  const pair = (first: Partial<ContactRow>, second: Partial<ContactRow>) => {
    const [a, b] = rows("a -", "a -") as [ContactRow, ContactRow];
    const [x, y] = [
      { ...a, ...first },
      { ...b, ...second },
    ];
    return { forth: mergeRows([x, y])[0], back: mergeRows([y, x])[0] };
  };

  it("is the later filled value in the file's order, also when a later row joins the two", () => {
    const first = mergeRows(rows("- p Jeddah", "a - Riyadh", "a p"))[0];
    expect(first?.fields).toEqual({ email: "a", phone: "p", city: "Riyadh" });
    const second = mergeRows(rows("a - Riyadh", "- p Jeddah", "a p"))[0];
    expect(second?.fields).toEqual({ email: "a", phone: "p", city: "Jeddah" });
  });

  it("is all tags, once each", () => {
    const { forth, back } = pair({ tags: ["vip", "lead"] }, { tags: ["lead", "new"] });
    expect(forth?.tags).toEqual(["vip", "lead", "new"]);
    expect(back?.tags).toEqual(["lead", "new", "vip"]);
  });

  it.each([
    [["email", "sms"], ["email"], ["email"]],
    [["email"], ["sms"], []],
    [["email"], [], []],
    [["email"], null, ["email"]],
    [null, null, null],
  ])("is the stricter consent of %j and %j: %j", (a, b, stricter) => {
    const { forth, back } = pair({ consent: a }, { consent: b });
    expect([forth?.consent, back?.consent]).toEqual([stricter, stricter]);
    expect(stricterConsent(b, a)).toEqual(stricter);
  });

  it("is the earliest creation", () => {
    const { forth, back } = pair({ created: 5 }, { created: 3 });
    expect([forth?.created, back?.created]).toEqual([3, 3]);
    expect(pair({ created: null }, { created: 3 }).forth?.created).toBe(3);
  });

  it("is found under the e-mail once there is one", () => {
    expect(mergeRows(rows("- p", "a p"))[0]?.key).toBe("a");
  });

  it("leaves the rows as they were", () => {
    const list = rows("a - X", "a - Y");
    mergeRows(list);
    expect(list[0]?.fields).toEqual({ email: "a", city: "X" });
  });
});

describe("what an import does with a row", () => {
  const mail = { id: "1", email: "a", phone: "q" };
  const bare = { id: "2", email: null, phone: "p" };
  const other = { id: "3", email: "b", phone: "p" };
  it.each([
    ["nobody known", { email: "a", phone: "p" }, null, null, { do: "create", shared: null }],
    ["nothing to go by", { email: null, phone: null }, null, null, { do: "reject" }],
    [
      "the e-mail known",
      { email: "a", phone: "p" },
      mail,
      null,
      { do: "update", id: "1", shared: null },
    ],
    [
      "both known as one",
      { email: "a", phone: "q" },
      mail,
      mail,
      { do: "update", id: "1", shared: null },
    ],
    [
      "the phone of one without e-mail",
      { email: "a", phone: "p" },
      null,
      bare,
      { do: "update", id: "2", shared: null },
    ],
    [
      "the phone alone",
      { email: null, phone: "p" },
      null,
      other,
      { do: "update", id: "3", shared: null },
    ],
    [
      "the phone of another e-mail",
      { email: "a", phone: "p" },
      null,
      other,
      { do: "create", shared: "3" },
    ],
    [
      "the e-mail of one, the phone of one without",
      { email: "a", phone: "p" },
      mail,
      bare,
      { do: "merge", keep: "1", absorb: "2" },
    ],
    [
      "the e-mail of one, the phone of another e-mail",
      { email: "a", phone: "p" },
      mail,
      other,
      { do: "update", id: "1", shared: "3" },
    ],
  ])("%s", (_, row, byEmail, byPhone, match) =>
    expect(decideMatch(row, byEmail, byPhone)).toEqual(match),
  );
});
