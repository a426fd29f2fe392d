import { describe, expect, it } from "vitest";
import { readDate, readNumber, readYesNo, TypeGuess } from "../../engine/contacts/values.ts";

const typeOf = (cells: unknown[]) => {
  const guess = new TypeGuess();
  for (const cell of cells) guess.see(cell);
  return guess.type();
};
const date = (order: "day-first" | "month-first") => ({ type: "date", order });

describe("the type of a column", () => {
  it.each([
    [["1", "2.5", "-3"], { type: "number" }],
    [["٥٠٠٠", "۱۲", "٣٫٥"], { type: "number" }],
    [["5", "", "  ", null], { type: "number" }],
    [["5000", "50000-80000"], { type: "text" }],
    [["00123", "00456"], { type: "text" }],
    [["1234567890123456"], { type: "text" }],
    [["+966501234567"], { type: "text" }],
    [["yes", "No", "نعم", "لا"], { type: "yes/no" }],
    [["yes", "1"], { type: "text" }],
    [["2024/03/15 14:30", "2025-11-02", "15/03/2024", ""], date("day-first")],
    [["٢٠٢٤/٠٣/١٥", "۱۵-۰۳-۲۰۲۴"], date("day-first")],
    [["03/04/2024", "01/02/2024"], date("day-first")],
    [["03/04/2024", "12/25/2024"], date("month-first")],
    [["25/12/2024", "12/25/2024"], { type: "text" }],
    [["2024-03-15", "soon"], { type: "text" }],
    [["2024-02-30"], { type: "text" }],
    [["", "  "], { type: "text" }],
    [[5, "6"], { type: "number" }],
    [[true, "no"], { type: "yes/no" }],
    [[5, true], { type: "text" }],
    [["2024-03-15", 5], { type: "text" }],
  ])("of %j is %j", (cells, type) => {
    expect(typeOf(cells)).toEqual(type);
    expect(typeOf([...cells].reverse())).toEqual(type);
  });

  it("keeps the order of the dates in a column known to hold dates though some can't be read", () => {
    const guess = new TypeGuess(true);
    for (const cell of ["soon", "12/25/2024", "unknown"]) guess.see(cell);
    expect(guess.order()).toBe("month-first");
  });
});

describe("values", () => {
  it.each([
    ["5", 5],
    ["-2.50", -2.5],
    ["−2", -2],
    ["-0", 0],
    ["0.5", 0.5],
    ["1,234,567.8", 1234567.8],
    ["١٬٢٣٤٫٥", 1234.5],
    ["0", 0],
    ["007", null],
    ["1,23", null],
    ["1e5", null],
    ["5 kg", null],
    ["0x10", null],
    ["", null],
  ])("reads the number %j as %s", (text, number) => expect(readNumber(text)).toBe(number));

  it.each([
    ["YES", true],
    ["نعم", true],
    ["false", false],
    ["لا", false],
    ["maybe", null],
  ])("reads %j as yes or no", (text, value) => expect(readYesNo(text)).toBe(value));

  it.each([
    ["2024/03/15 14:30", "2024-03-15T14:30"],
    ["15/03/2024", "2024-03-15"],
    ["15-03-2024", "2024-03-15"],
    ["5.3.2024", "2024-03-05"],
    ["2024-3-5", "2024-03-05"],
    ["2024-03-15T14:30:05.250Z", "2024-03-15T14:30:05.250Z"],
    ["2024-03-15T14:30:00+0300", "2024-03-15T14:30:00+03:00"],
    ["2024-03-15, 9:05", "2024-03-15T09:05"],
    ["15/03/2024 2:30 PM", "2024-03-15T14:30"],
    ["15/03/2024 12:05 ص", "2024-03-15T00:05"],
    ["١٥/٠٣/٢٠٢٤", "2024-03-15"],
    ["\u200F15/03/2024", "2024-03-15"],
    ["29/02/2024", "2024-02-29"],
    ["29/02/2023", null],
    ["1445/09/05", null],
    ["15/03/24", null],
    ["15/03-2024", null],
    ["2024-03-15 25:00", null],
    ["2024-03-15 13:00 PM", null],
  ])("reads the date %j as %s", (text, iso) => expect(readDate(text, "day-first")).toBe(iso));

  it("reads the month first when the column says so", () => {
    expect(readDate("03/04/2024", "month-first")).toBe("2024-03-04");
    expect(readDate("2024/03/04", "month-first")).toBe("2024-03-04");
  });
});
