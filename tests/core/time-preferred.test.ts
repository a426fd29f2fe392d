import { describe, expect, test } from "vitest";
import { parseWindows } from "../../engine/core/time.ts";

describe("a contact's preferred times", () => {
  const office = ["mon", "tue", "wed", "thu", "sun"];
  test.each([
    ["09:00-12:00", [{ from: "09:00", to: "12:00" }]],
    [
      "sun-thu 16:00-20:00; fri 10:00-12:00",
      [
        { days: office, from: "16:00", to: "20:00" },
        { days: ["fri"], from: "10:00", to: "12:00" },
      ],
    ],
    [
      "الأحد - الخميس ١٦:٠٠-٢٠:٠٠؛ الجمعة ۱۰-۱۲",
      [
        { days: office, from: "16:00", to: "20:00" },
        { days: ["fri"], from: "10:00", to: "12:00" },
      ],
    ],
    ["من الأحد إلى الخميس من ٤ م إلى ٨ م", [{ days: office, from: "16:00", to: "20:00" }]],
    ["الاثنين والأربعاء ٩-١٢", [{ days: ["mon", "wed"], from: "09:00", to: "12:00" }]],
    ["Saturday, Sunday 9am-5pm", [{ days: ["sat", "sun"], from: "09:00", to: "17:00" }]],
    [
      "mon 9-12, tue 13-15",
      [
        { days: ["mon"], from: "09:00", to: "12:00" },
        { days: ["tue"], from: "13:00", to: "15:00" },
      ],
    ],
    [
      "09:00-12:00, 16:00-20:00",
      [
        { from: "09:00", to: "12:00" },
        { from: "16:00", to: "20:00" },
      ],
    ],
    ["4-8pm", [{ from: "16:00", to: "20:00" }]],
    ["9-5pm", [{ from: "09:00", to: "17:00" }]],
    ["12-3am", [{ to: "03:00" }]],
    ["13-5am", [{ from: "13:00", to: "05:00" }]],
    ["12-1pm", [{ from: "12:00", to: "13:00" }]],
    ["11:30-12:30pm", [{ from: "11:30", to: "12:30" }]],
    ["13-5pm", [{ from: "13:00", to: "17:00" }]],
    ["1pm-14", [{ from: "13:00", to: "14:00" }]],
    ["12am-12pm", [{ to: "12:00" }]],
    ["24:00-10:00", [{ to: "10:00" }]],
    ["20:00-00:00", [{ from: "20:00" }]],
    ["after 24:00", [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] }]],
    ["fri-sun 10:00-11:00", [{ days: ["fri", "sat", "sun"], from: "10:00", to: "11:00" }]],
    ["22:00-06:00", [{ from: "22:00", to: "06:00" }]],
    ["16:00–24:00", [{ from: "16:00" }]],
    ["after 17:00", [{ from: "17:00" }]],
    ["قبل ١٠", [{ to: "10:00" }]],
    ["كل يوم 10-11", [{ from: "10:00", to: "11:00" }]],
    ["fri", [{ days: ["fri"] }]],
    [
      '[{"days":["Sun"],"from":"9:00","to":"12:00"}]',
      [{ days: ["sun"], from: "09:00", to: "12:00" }],
    ],
    ['{"from":"09:00"}', [{ from: "09:00" }]],
    [
      [{ days: ["fri"], from: "10:00", to: "12:00" }],
      [{ days: ["fri"], from: "10:00", to: "12:00" }],
    ],
    [{ from: "09:00", to: "12:00" }, [{ from: "09:00", to: "12:00" }]],
    [
      ["sun 9-10", "mon 10-11"],
      [
        { days: ["sun"], from: "09:00", to: "10:00" },
        { days: ["mon"], from: "10:00", to: "11:00" },
      ],
    ],
  ])("%j is read", (value, windows) => expect(parseWindows(value)).toEqual(windows));

  test.each([
    "",
    "  ",
    "whenever",
    "sun 9-12 or so",
    "09:00-09:00",
    "25:00-26:00",
    "10:75-11:00",
    "10:60-11:00",
    "24:30-25:00",
    "0am-10am",
    "13pm-14pm",
    "sun mon to",
    "sun to",
    "sun to 10",
    "after to 10",
    "10 to sun",
    "12/5",
    "0501234567",
    "{bad",
    "[]",
    '[{"from":"x"}]',
    '[{"dayz":["sun"]}]',
    "{}",
    '"9"',
    null,
    undefined,
    5,
    true,
    [null],
    [[]],
    { from: 9 },
    { from: "10:75", to: "12:00" },
    { from: "10:60", to: "12:00" },
    { from: "09:00", to: "24:01" },
    { from: "09:00", to: "30:00" },
    { days: "sun" },
    "9-10 ".repeat(300),
  ])("%j gives none", (value) => expect(parseWindows(value)).toEqual([]));
});
