import { type Names, rule } from "./rules.ts";
import {
  CHANNELS,
  duration,
  EVENTS,
  given,
  LONG,
  maybe,
  type Random,
  SHORT,
  some,
  TAGS,
  TOPICS,
  text,
  time,
  window,
  ZONES,
} from "./words.ts";

/** What a node may name beside what its rules may. */
export interface Surroundings extends Names {
  flows: string[];
}

type Data = Record<string, unknown>;

const consent = (random: Random): Data => ({
  topic: maybe(random, 0.2, () => random.pick(TOPICS)),
  transactional: maybe(random, 0.25, () => random.chance(0.8)),
});

/** `slow`: no way back through it takes less than a day, so that a year's loop stays short. */
export function waitData(random: Random, slow: boolean): Data {
  const span = (): string => random.pick(slow ? LONG : [...SHORT, ...LONG]);
  const more = given({ window: maybe(random, 0.25, () => window(random)) });
  const days = maybe(random, 0.5, () => some(random, ["mon", "tue", "wed", "thu", "fri"], 1, 3));
  if (slow)
    return random.chance(0.7)
      ? { for: span(), ...more }
      : { until: given({ time: time(random), days }), ...more };
  switch (random.below(8)) {
    case 0:
      return { until: given({ time: time(random), days }), ...more };
    case 1:
      return {
        date: random.pick(["2026-05-01", "2026-03-29T02:30", "2027-01-01T00:00:00Z"]),
        ...more,
      };
    case 2:
      return {
        field: given({
          name: random.pick(["birthday", "joined", "event.when", "nothing"]),
          offset: maybe(random, 0.5, () => random.pick(["-P1D", "P3D", "-PT2H"])),
        }),
        ...more,
      };
    case 3:
      return {
        day: given({ n: 1 + random.below(40), at: maybe(random, 0.6, () => time(random)) }),
        ...more,
      };
    case 4:
      return { best: { within: random.pick(["P1D", "P3D", "PT6H"]) }, ...more };
    case 5:
      return { window: window(random) };
    default:
      return { for: span(), ...more };
  }
}

function splitData(random: Random): Data {
  const ids = ["a", "b", "c"].slice(0, 2 + random.below(2));
  return given({
    variants: ids.map((id) => ({ id, weight: 1 + random.below(5) })),
    holdout: maybe(random, 0.3, () => random.below(60)),
    winner: maybe(random, 0.4, () =>
      given({
        test: 20 + random.below(60),
        by: random.pick(["clicked", "replied", "goal", "opened"]),
        after: random.pick(["P2D", "P5D", "PT12H"]),
        confidence: maybe(random, 0.5, () => random.pick([0.5, 80, 95])),
      }),
    ),
  });
}

function message(random: Random, type: string): Data {
  const more = consent(random);
  if (type === "email") {
    const format = maybe(random, 0.4, () => random.pick(["text", "markdown", "html"]));
    const subject = random.chance(0.9) ? text(random) : "Hi";
    return given({
      subject,
      body: text(random),
      format,
      preheader: maybe(random, 0.2, () => text(random)),
      ...more,
    });
  }
  if (type === "sms") return given({ text: text(random), ...more });
  const template = { name: "welcome", language: "ar", parameters: ["{{contact.first_name}}"] };
  return given(random.chance(0.5) ? { text: text(random), ...more } : { template, ...more });
}

function contactData(random: Random, type: string): Data {
  switch (type) {
    case "tag":
      return {
        add: some(random, TAGS, 1, 2).map((tag) =>
          given({ tag, expires: maybe(random, 0.5, () => duration(random)) }),
        ),
        remove: maybe(random, 0.5, () => some(random, TAGS, 1, 1)) ?? [],
      };
    case "field":
      return random.chance(0.8)
        ? {
            set: {
              [random.pick(["lifecycle", "city", "budget"])]: random.pick([
                "client",
                7,
                true,
                "{{event.amount}}",
                "{{contact.city}}!",
              ]),
            },
          }
        : { clear: ["city"] };
    case "score":
      return { add: random.below(21) - 5 };
    default:
      return given({
        pipeline: maybe(random, 0.5, () => "sales"),
        to: random.pick(["new", "quoted", "won"]),
      });
  }
}

function workData(random: Random, type: string): Data {
  const work = {
    assignee: maybe(random, 0.4, () => random.pick(["sara", "{{contact.owner}}"])),
    due: maybe(random, 0.5, () => duration(random)),
  };
  const timeout = maybe(random, 0.7, () => random.pick(LONG));
  switch (type) {
    case "call":
      return given({ script: text(random), ...work, timeout });
    case "task": {
      const waitForDone = random.chance(0.5);
      return given({
        title: text(random),
        notes: maybe(random, 0.3, () => text(random)),
        ...work,
        waitForDone,
        timeout: waitForDone ? timeout : undefined,
      });
    }
    case "survey":
      return given({
        kind: random.pick(["nps", "csat"]),
        channel: random.pick(CHANNELS),
        question: maybe(random, 0.3, () => text(random)),
        timeout,
      });
    case "webhook":
      return given({
        url: "https://crm.example.com/{{contact.score}}",
        body: maybe(random, 0.5, () => ({
          email: "{{contact.email}}",
          deep: ["{{event.amount}}"],
        })),
        saveAs: maybe(random, 0.3, () => "answer"),
      });
    default:
      return {
        to: random.pick(["sara@team.example", "{{contact.owner}}"]),
        subject: text(random),
        body: text(random),
      };
  }
}

/** Random valid data of any type but triggers. `back`: an output of this node leads back to an earlier one. */
export function nodeData(random: Random, type: string, around: Surroundings, back: boolean): Data {
  switch (type) {
    case "wait":
      return waitData(random, back);
    case "wait-for":
      return given({
        rule: rule(random, around),
        timeout: maybe(random, 0.8, () => random.pick(back ? LONG : [...SHORT, ...LONG])),
      });
    case "condition":
      return { rule: rule(random, around) };
    case "switch":
      return {
        cases: ["one", "two", "three"]
          .slice(0, 1 + random.below(3))
          .map((id) => ({ id, rule: rule(random, around) })),
      };
    case "split":
      return splitData(random);
    case "email":
    case "sms":
    case "whatsapp":
      return message(random, type);
    case "letter":
      return { body: text(random) };
    case "emit":
      return given({
        event: random.pick(EVENTS),
        data: maybe(random, 0.6, () => ({
          amount: random.pick(["{{event.amount}}", 12, "{{contact.score}}"]),
          deep: { x: ["{{contact.city}}"] },
        })),
      });
    case "goal":
      return given({
        name: "won",
        value: maybe(random, 0.5, () => random.pick([10, "{{event.amount}}"])),
      });
    case "exit":
      return given({ reason: maybe(random, 0.6, () => text(random)) });
    case "start-flow":
      return given({
        flow: random.pick(around.flows),
        wait: maybe(random, 0.6, () => random.chance(0.7)),
      });
    case "tag":
    case "field":
    case "score":
    case "stage":
      return contactData(random, type);
    default:
      return workData(random, type);
  }
}

function messageTrigger(random: Random): Data {
  const match = random.pick(["word", "exact", "contains", "any"]);
  return given({
    channel: random.pick(CHANNELS),
    match: match === "word" ? undefined : match,
    keywords: match === "any" ? undefined : some(random, ["offer", "عرض", "price"], 1, 3),
    within: maybe(random, 0.2, () => window(random)),
    outside: maybe(random, 0.2, () => window(random)),
  });
}

/** Random valid data of a trigger. */
export function triggerData(random: Random, type: string, around: Surroundings): Data {
  switch (type) {
    case "trigger.created":
      return given({ where: maybe(random, 0.3, () => rule(random, null)) });
    case "trigger.event":
      return given({
        event: random.pick(EVENTS),
        where: maybe(random, 0.3, () => [{ data: "amount", op: ">", value: 20 }]),
      });
    case "trigger.tag":
      return { tag: random.pick(TAGS), on: random.pick(["added", "removed"]) };
    case "trigger.segment":
      return { segment: random.pick(around.segments), on: random.pick(["entered", "left"]) };
    case "trigger.schedule":
      return given({
        ...random.pick([
          { cron: "0 9 * * 1" },
          { cron: "30 8 1 * *" },
          { cron: "0 30 2 * * 7" },
          { cron: "15 7 29 2 *" },
          { at: "2026-04-01T10:00" },
          { at: "2026-06-15" },
        ]),
        timezone: maybe(random, 0.5, () => random.pick(["contact", ...ZONES])),
        audience: rule(random, null),
        catchUp: maybe(random, 0.4, () => random.pick(["latest", "all", "none"])),
      });
    case "trigger.date":
      return given({
        field: random.pick(["birthday", "joined"]),
        offset: maybe(random, 0.4, () => random.pick(["-P3D", "P1W", "-PT6H"])),
        at: maybe(random, 0.6, () => time(random)),
        every: maybe(random, 0.6, () => random.pick(["year", "month", "once"])),
        calendar: maybe(random, 0.3, () => random.pick(["gregory", "islamic-umalqura"])),
      });
    case "trigger.message":
      return messageTrigger(random);
    case "trigger.idle":
      return { for: random.pick(["P7D", "P1M", "P45D"]) };
    case "trigger.field":
      return given({
        field: random.pick(["city", "lifecycle", "score"]),
        where: maybe(random, 0.3, () => rule(random, null)),
      });
    default:
      return {};
  }
}
