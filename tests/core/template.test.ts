import Handlebars from "handlebars";
import { describe, expect, test } from "vitest";
import {
  compileTemplate,
  type RenderOptions,
  type Scope,
  TemplateError,
  templateProblems,
} from "../../engine/core/template.ts";

const SCOPE: Scope = {
  contact: {
    first_name: "Ann",
    locale: "en",
    vip: true,
    score: 1234.5,
    hobbies: ["chess", "golf"],
    bio: `<b>"Ann" & 'Co'</b>`,
    empty: "",
  },
  event: {
    amount: "99.5",
    items: [
      { name: "Tea", price: 3 },
      { name: "Cup", price: 0 },
    ],
    none: [],
    address: { city: "Jeddah", zip: null },
    zero: 0,
  },
  steps: { check: { status: "graded" } },
  param: { brand: "Acme" },
  flow: { id: "new-lead" },
  links: { unsubscribe: "https://x.example/u/1?a=b&c=d" },
};

const render = (source: string, html = false, scope: Scope = SCOPE, options?: RenderOptions) => {
  const { text, missing } = compileTemplate(source, { html }).render(scope, options);
  return { text, missing };
};
const text = (source: string, scope?: Scope): string => render(source, false, scope).text;
const english = (source: string, secrets = false): string[] =>
  templateProblems(source, { secrets }).map(({ message }) => message.en);

describe("a template reads as Handlebars reads it", () => {
  test.each([
    "no tags at all",
    "",
    "Hi {{contact.first_name}}!",
    "{{contact/first_name}} {{this.contact.first_name}} {{ contact.[first_name] }}",
    "{{contact.bio}} {{{contact.bio}}} {{&contact.bio}}",
    "{{event.zero}} {{contact.score}} {{contact.vip}} [{{contact.nothing}}] [{{event.address.zip}}] [{{contact.empty}}]",
    "{{#if contact.vip}}yes{{else}}no{{/if}} {{#if event.zero}}yes{{else}}no{{/if}} {{#if event.zero includeZero=true}}yes{{/if}}",
    "{{#if event.none}}some{{else if contact.vip}}vip{{else}}none{{/if}}",
    "{{#unless contact.empty}}empty{{/unless}}",
    "{{#each event.items}}{{@index}} {{name}} {{this.price}} {{@first}}{{#unless @last}}, {{/unless}}{{/each}}",
    "{{#each event.none}}x{{else}}nothing{{/each}} {{#each event.missing}}x{{/each}}",
    "{{#each event.address}}{{@key}}={{this}};{{/each}}",
    "{{#each event.items as |item i|}}{{i}}:{{item.name}}:{{../param.brand}} {{/each}}",
    "{{#each event.items}}{{#each ../event.items}}{{@../index}}.{{@index}} {{/each}}{{/each}}",
    "{{#each event.items}}{{#if price}}{{../param.brand}}{{/if}}{{/each}}",
    "{{#with event.address}}{{city}} {{../param.brand}}{{/with}}{{#with event.nothing}}x{{else}}none{{/with}}",
    "{{#contact.vip}}vip {{contact.first_name}}{{/contact.vip}}{{^contact.nothing}}nothing{{/contact.nothing}}",
    "{{#event.items}}{{name}} {{/event.items}}{{#event.address}}{{city}}{{/event.address}}",
    "a  {{~contact.first_name~}}  b {{! a comment }}{{!-- another }} --}}",
    "line\n{{#if contact.vip}}\n  vip\n{{/if}}\nend\n",
    "\\{{contact.first_name}} \\\\{{contact.first_name}} { {x} }",
    "{{contact.first_name.length}} {{event.items.length}} {{event.items.[1].name}} {{event.items.1.name}}",
    "{{links.unsubscribe}}",
  ])("%j", (source) => {
    const reference = (noEscape: boolean) =>
      Handlebars.compile(source, { noEscape, knownHelpersOnly: true })(SCOPE, {
        allowProtoPropertiesByDefault: false,
      });
    expect(render(source, true).text).toBe(reference(false));
    expect(render(source, false).text).toBe(reference(true));
  });

  test("HTML bodies are escaped, text bodies aren't", () => {
    expect(render("{{contact.bio}}", true).text).toBe(
      "&lt;b&gt;&quot;Ann&quot; &amp; &#x27;Co&#x27;&lt;/b&gt;",
    );
    expect(render("{{upper contact.bio}}", true).text).toContain("&lt;B&gt;");
    expect(render("{{contact.bio}}", false).text).toBe(`<b>"Ann" & 'Co'</b>`);
  });

  test("within a loop the roots are still known, unless the item has such a name", () => {
    expect(text("{{#each event.items}}{{name}} for {{contact.first_name}}; {{/each}}")).toBe(
      "Tea for Ann; Cup for Ann; ",
    );
    const scope = { ...SCOPE, event: { list: [{ contact: { first_name: "Bob" } }] } };
    expect(text("{{#each event.list}}{{contact.first_name}}{{/each}}", scope)).toBe("Bob");
  });

  test("a list is written in the contact's language", () => {
    expect(text("{{contact.hobbies}}")).toBe("chess and golf");
    const arabic = { ...SCOPE, contact: { locale: "ar", hobbies: ["شطرنج", "قراءة"] } };
    expect(text("{{contact.hobbies}}", arabic)).toBe("شطرنج وقراءة");
  });
});

describe("a missing value renders empty and is listed", () => {
  test.each([
    [
      "Hi {{contact.last_name}}{{contact.last_name}} {{event.x.y}}",
      "Hi  ",
      ["contact.last_name", "event.x.y"],
    ],
    ["{{event.address.zip}}", "", ["event.address.zip"]],
    ["{{contact.empty}}{{event.zero}}", "0", []],
    ["{{default contact.last_name 'friend'}}", "friend", []],
    [
      "{{default contact.empty 'friend'}} {{default contact.first_name 'friend'}} {{default event.zero 'x'}}",
      "friend Ann 0",
      [],
    ],
    ["{{default (upper contact.last_name) 'friend'}}", "friend", []],
    ["{{#if contact.last_name}}x{{/if}}{{#unless contact.last_name}}y{{/unless}}", "y", []],
    ["{{#if (eq contact.last_name 'x')}}x{{/if}}", "", []],
    ["{{#each event.missing}}x{{/each}}", "", ["event.missing"]],
    ["{{#each event.missing}}x{{else}}none{{/each}}", "none", []],
    ["{{upper contact.last_name}}", "", ["contact.last_name"]],
    ["{{date contact.birthday}}", "", ["contact.birthday"]],
    ["{{date contact.first_name}}", "", ["contact.first_name"]],
    ["{{number contact.first_name}}", "", ["contact.first_name"]],
    ["{{money event.amount event.currency}}", "", ["event.currency"]],
    ["{{plural event.count one='a' other='b'}}", "", ["event.count"]],
    ["{{#each event.items}}{{colour}}{{/each}}", "", ["colour"]],
    ["{{links.survey}}{{secret.KEY}}{{nobody}}", "", ["links.survey", "secret.KEY", "nobody"]],
  ])("%s", (source, expected, missing) => {
    expect(render(source)).toEqual({ text: expected, missing });
  });
});

describe("no template reaches a prototype, code or another template", () => {
  test.each([
    "{{constructor}}",
    "{{contact.constructor}}",
    "{{contact.constructor.constructor 'return process'}}",
    "{{contact.first_name.constructor.name}}",
    "{{contact.__proto__.polluted}}",
    "{{__proto__}}",
    "{{contact.[__proto__]}}",
    "{{contact.prototype}}",
    "{{contact.__defineGetter__}}",
    "{{contact.__lookupGetter__ '__proto__'}}",
    "{{lookup contact 'constructor'}}",
    "{{lookup (lookup this 'constructor') 'name'}}",
    "{{log 'x'}}",
    "{{@root.contact.first_name}}",
    "{{@root}}",
    "{{@level}}",
    "{{> contact}}",
    "{{> (lookup . 'x')}}",
    "{{#> layout}}{{/layout}}",
    "{{* decorator}}",
    "{{#*inline 'x'}}x{{/inline}}",
    "{{helperMissing}}{{helperMissing 1}}",
    "{{blockHelperMissing 1}}",
    "{{#blockHelperMissing 1}}{{/blockHelperMissing}}",
    "{{__lookupGetter__ 'x'}}",
    "{{toString 1}}",
    "{{#with (toString 1)}}{{/with}}",
    "{{#with 'x' as |s|}}{{#with (s.constructor 'return 1')}}{{this}}{{/with}}{{/with}}",
    `{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{this.push (lookup string.sub "constructor")}}{{this.pop}}{{#with string.split as |codelist|}}{{this.pop}}{{this.push "return require('child_process').exec('id');"}}{{this.pop}}{{#each conslist}}{{#with (string.sub.apply 0 codelist)}}{{this}}{{/with}}{{/each}}{{/with}}{{/with}}{{/with}}{{/with}}`,
    "{{#if (valueOf 1)}}x{{/if}}",
    "{{#each contact.constructor}}{{this}}{{/each}}",
    "{{eval '1'}}",
    "{{require 'fs'}}",
    "{{foo}} {{date}}",
    "{{eq 1 (constructor 2)}}",
    "{{plural 2 __proto__='x' other='y'}}",
    "{{default contact.x this.constructor}}",
  ])("%s is refused", (source) => {
    expect(templateProblems(source)).not.toEqual([]);
    expect(() => render(source)).toThrow(TemplateError);
  });

  test.each([
    "{{contact.toString}}",
    "{{contact.valueOf}}",
    "{{contact.hasOwnProperty}}",
    "{{contact.first_name.sub}}",
    "{{contact.hobbies.pop}}",
    "{{contact.hobbies.map}}",
    "{{#with contact}}{{toString}}{{/with}}",
    "{{#each event.items}}{{hasOwnProperty}}{{/each}}",
  ])("%s renders nothing", (source) => {
    expect(render(source).text).toBe("");
    expect(render(source).missing).not.toEqual([]);
  });

  test("what data inherits is not seen", () => {
    const inherited = Object.create({ password: "secret" }) as Record<string, unknown>;
    inherited.first_name = "Ann";
    expect(
      text("{{contact.first_name}}{{contact.password}}", { ...SCOPE, contact: inherited }),
    ).toBe("Ann");
  });

  test("data that holds a template is not rendered again", () => {
    const scope = { ...SCOPE, contact: { first_name: "{{param.brand}}" } };
    expect(text("{{contact.first_name}}", scope)).toBe("{{param.brand}}");
  });

  test("only text is compiled, never a syntax tree", () => {
    const tree = Handlebars.parse("{{contact.first_name}}") as unknown as string;
    expect(() => compileTemplate(tree, { html: false })).toThrow(TemplateError);
  });
});

describe("caps", () => {
  const many = (count: number): Scope => ({
    ...SCOPE,
    event: {
      items: Array.from({ length: count }, (_, n) => ({ n, d: "2026-03-08" })),
      long: "x".repeat(10_000),
    },
  });
  test("10,000 rounds of loops are rendered and one more is refused", () => {
    expect(text("{{#each event.items}}x{{/each}}", many(10_000))).toHaveLength(10_000);
    expect(() => text("{{#each event.items}}x{{/each}}", many(10_001))).toThrow(
      "more than 10000 items",
    );
  });
  test("loops within loops count together", () => {
    const nested = "{{#each event.items}}{{#each ../event.items}}x{{/each}}{{/each}}";
    expect(text(nested, many(90))).toHaveLength(8_100);
    expect(() => text(nested, many(100))).toThrow(TemplateError);
  });
  test("more than 1 MB is refused as it grows", () => {
    expect(text("{{#each event.items}}{{event.long}}{{/each}}", many(100))).toHaveLength(1_000_000);
    expect(() => text("{{#each event.items}}{{event.long}}{{/each}}", many(105))).toThrow(
      "longer than 1 MB",
    );
  });
  test("work is bounded, whatever it is spent on", () => {
    expect(() =>
      text("{{#each event.items}}{{upper (lower (upper event.long))}}{{/each}}", many(9_000)),
    ).toThrow(TemplateError);
    expect(() =>
      text("{{#each event.items}}{{#if (eq (upper event.long) 'x')}}{{/if}}{{/each}}", many(9_000)),
    ).toThrow("takes too long");
  });
  test.each([
    [
      "blocks nested too deep",
      `${"{{#if contact.vip}}".repeat(50)}x${"{{/if}}".repeat(50)}`,
      "nested too deep",
    ],
    [
      "blocks nested absurdly deep",
      `${"{{#if contact.vip}}".repeat(2_400)}${"{{/if}}".repeat(2_400)}`,
      "nested too deep",
    ],
    [
      "brackets nested too deep",
      `{{upper ${"(upper ".repeat(60)}contact.x${")".repeat(60)}}}`,
      "nested too deep",
    ],
    ["too many tags", "{{contact.x}}".repeat(5_001), "more than 5000 tags"],
    ["too long a source", "x".repeat(1_048_577), "longer than 1 MB"],
  ])("%s are refused", (_name, source, why) => {
    expect(english(source)[0]).toContain(why);
    expect(() => render(source)).toThrow(TemplateError);
  });
  test("lists within lists are read to the depth of 40 blocks and no further", () => {
    const nested = (levels: number) =>
      `${"{{#if contact.vip}}".repeat(levels)}x${"{{/if}}".repeat(levels)}`;
    const deepest = Array.from({ length: 60 }, (_, i) => i).filter(
      (n) => english(nested(n)).length === 0,
    );
    expect(deepest.at(-1)).toBe(40);
  });
  test("the error quotes how the template begins", () => {
    expect(() => text(`{{money 5 event.address.city}}${"x".repeat(200)}`)).toThrow(
      /^Line 1: “Jeddah” is no ISO 4217 currency code, such as SAR or USD \(in “\{\{money 5 event\.address\.city\}\}x{50}…”\)$/,
    );
  });
});

describe("a helper takes as many values as it needs and no more", () => {
  test.each([
    ["date", 1, 2],
    ["number", 1, 1],
    ["money", 2, 2],
    ["plural", 1, 1],
    ["default", 2, 2],
    ["upper", 1, 1],
    ["lower", 1, 1],
    ["eq", 2, 2],
    ["recommend", 0, 1],
  ])("%s: %i to %i", (name, least, most) => {
    const called = (count: number) => {
      const values = " event.x".repeat(count);
      return english(name === "eq" ? `{{#if (eq${values})}}x{{/if}}` : `{{${name}${values}}}`);
    };
    const fits = [0, 1, 2, 3, 4].filter((count) => !called(count).join().includes(" takes "));
    expect(fits).toEqual(Array.from({ length: most - least + 1 }, (_, i) => least + i));
  });
});

describe("problems of a template are sentences with the line", () => {
  test.each([
    [
      "{{contact.first_name",
      "Line 1: the tag near “{{contact.first_name” isn't written or closed properly.",
    ],
    ["a\n\n{{#if contact.vip}}", "Line 3: a block {{#…}} is opened and never closed."],
    ["a\n{{#if contact.vip}}x{{/each}}", "Line 2: {{#if}} is closed by {{/each}}."],
    ["{{/if}}", "Line 1: near “{{/if}}” a closing tag or {{else}} has no block."],
    ["x {{else}}", "Line 1: near “x {{else}}” a closing tag or {{else}} has no block."],
    ["{{shout contact.first_name}}", "Line 1: there is no helper “shout”."],
    ["{{#shout contact.first_name}}{{/shout}}", "Line 1: there is no block “shout”."],
    ["{{#upper contact.first_name}}{{/upper}}", "Line 1: there is no block “upper”."],
    ["{{if contact.vip}}", "Line 1: {{if}} is a block: write {{#if …}} … {{/if}}."],
    [
      "\n{{first_name}}",
      "Line 2: “first_name” isn't known; a path begins with contact, event, steps, param, flow, links.",
    ],
    [
      "{{this}}",
      "Line 1: “this” isn't known; a path begins with contact, event, steps, param, flow, links.",
    ],
    [
      "{{../contact.x}}",
      "Line 1: “../contact.x” isn't known; a path begins with contact, event, steps, param, flow, links.",
    ],
    ["{{upper}}", "Line 1: {{upper}} takes 1 value, not 0."],
    ["{{money event.amount}}", "Line 1: {{money}} takes 2 values, not 1."],
    ["{{date contact.x 'long' 3}}", "Line 1: {{date}} takes 1–2 values, not 3."],
    ["{{#if}}x{{/if}}", "Line 1: {{#if}} takes one value."],
    ["{{#each contact.a contact.b}}x{{/each}}", "Line 1: {{#each}} takes one value."],
    ["{{plural 2 one='x'}}", "Line 1: {{plural}} needs the form other=."],
    ["{{plural 2 ones='x' other='y'}}", "Line 1: {{plural}} doesn't know ones=."],
    ["{{money 5 'EURO'}}", "Line 1: “EURO” is no ISO 4217 currency code, such as SAR or USD."],
    [
      "{{date contact.x 'tiny'}}",
      "Line 1: “tiny” is no style of a date; there are short, medium, long, full, time, datetime, hijri.",
    ],
    [
      "{{@index}}",
      "Line 1: “@index” isn't known here; within {{#each}} there are @index, @key, @first and @last.",
    ],
    [
      "{{{{raw}}}}x{{{{/raw}}}}",
      "Line 1: “raw” isn't known; a path begins with contact, event, steps, param, flow, links.",
    ],
    ["{{'contact'}}", "Line 1: “contact” is no value."],
    [
      "{{secret.KEY}}",
      "Line 1: “secret.KEY”: secrets may only be used in a webhook's headers and body.",
    ],
  ])("%j", (source, sentence) => {
    expect(english(source)).toEqual([sentence]);
    const [problem] = templateProblems(source);
    expect(problem?.message.ar).toMatch(/^السطر \d+: .*[\u0600-\u06ff]/);
  });

  test("all are told at once, those inside a wrong block too, each once", () => {
    const source =
      "{{a}}\n{{b 1}}\n{{#c contact.x}}{{contact.constructor}}{{/c}}\n{{#each event.items}}{{anything}}{{upper}}{{/each}}{{a}}";
    expect(english(source).map((sentence) => sentence.slice(0, 24))).toEqual([
      "Line 1: “a” isn't known;",
      "Line 2: there is no help",
      "Line 3: there is no bloc",
      "Line 3: “contact.constru",
      "Line 4: {{upper}} takes ",
      "Line 4: “a” isn't known;",
    ]);
  });

  test.each([
    "plain",
    "{{contact.x}} {{event.x.y}} {{steps.node.score}} {{param.brand}} {{flow.id}} {{links.unsubscribe}}",
    "{{#each event.items as |item|}}{{item.x}} {{this.y}} {{z}} {{@index}}{{../contact.x}}{{/each}}",
    "{{#with event.address}}{{city}}{{/with}}{{#eq contact.a 'b'}}x{{else}}y{{/eq}}",
    "{{recommend}} {{recommend 3}} {{#each (recommend)}}{{this}}{{/each}}",
    "{{contact.المدينة}}",
  ])("%s has none", (source) => expect(templateProblems(source)).toEqual([]));

  test("secrets are allowed where they are asked for", () => {
    expect(english("Bearer {{secret.TOKEN}}", true)).toEqual([]);
    const scope = { ...SCOPE, secret: { TOKEN: "abc" } };
    expect(text("Bearer {{secret.TOKEN}}", scope)).toBe("Bearer abc");
  });
});

test("a text is made of pieces, of which the template's own are the same for everybody", () => {
  const source = "Dear {{contact.first_name}}, {{#if contact.last_name}}Sir{{else}}friend{{/if}}.";
  const { text, pieces } = compileTemplate(source, { html: false }).render(SCOPE);
  expect(text).toBe("Dear Ann, friend.");
  expect(pieces.parts.join("")).toBe(text);
  expect(pieces.parts.filter((part) => !pieces.fixed.includes(part))).toEqual(["Ann"]);
});
