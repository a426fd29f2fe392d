import { describe, expect, test } from "vitest";
import { composeMail, MailRefused, messageIdOf } from "../../engine/channels/mail.ts";
import type { Content } from "../../engine/core/state.ts";
import { outgoing } from "./helpers.ts";

const options = { from: "Acme <hello@acme.example>", url: "https://mail.acme.example/app/" };
const compose = (content: Partial<Content>, rest = {}) =>
  composeMail(outgoing(content, rest), options);
const bodyOf = (html: string) => /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1]?.trim();

describe("text", () => {
  test("becomes escaped paragraphs with clickable links", async () => {
    const body = "Hello <Ann> & co,\r\n\r\nsee https://x.example/a?b=1&c=2.\nBye";
    const mail = await compose({ body });
    expect(mail.text).toBe("Hello <Ann> & co,\n\nsee https://x.example/a?b=1&c=2.\nBye\n");
    expect(bodyOf(mail.html)).toBe(
      `<p dir="auto" style="margin:0 0 1em">Hello &lt;Ann&gt; &amp; co,</p>\n` +
        `<p dir="auto" style="margin:0 0 1em">see <a href="https://x.example/a?b=1&amp;c=2" dir="ltr">https://x.example/a?b=1&amp;c=2</a>.<br>\nBye</p>`,
    );
  });

  test.each([
    ["(https://x.example/a)", "https://x.example/a"],
    ["https://x.example/tent_(camp), yes", "https://x.example/tent_(camp)"],
    ["زوروا https://x.example/عرض؟", "https://x.example/عرض"],
    ["«https://x.example/a»", "https://x.example/a"],
    ['https://x.example/"onmouseover=alert(1)', "https://x.example/"],
  ])("finds the address in %s", async (body, address) => {
    const { html } = await compose({ body });
    expect(/<a href="([^"]*)"/.exec(html)?.[1]).toBe(address);
  });

  test.each([
    ["ar", "ar", "rtl"],
    ["ar-EG", "ar-EG", "rtl"],
    ["ur", "ur", "rtl"],
    ["ku-Arab", "ku-Arab", "rtl"],
    ["en", "en", "ltr"],
    ["not a locale", "und", "auto"],
    ['en" onload="x', "und", "auto"],
  ])("is in the language and direction of the locale %s", async (locale, lang, dir) => {
    expect((await compose({ locale })).html).toContain(`<html lang="${lang}" dir="${dir}">`);
  });

  test("carries the preheader hidden and escaped, and only in the HTML", async () => {
    const mail = await compose({ preheader: "Only <today>" });
    expect(mail.html).toMatch(
      /<body[^>]*>\s*<div style="display:none[^"]*" data-preheader>Only &lt;today&gt;/,
    );
    expect(mail.text).toBe("Hello Ann\n");
  });
});

describe("markdown", () => {
  test("becomes HTML and readable text", async () => {
    const body = "# عرض\n\nHello **Ann**, [look](https://x.example/a?b=1&c=2):\n\n- one\n- two";
    const mail = await compose({ format: "markdown", body });
    expect(bodyOf(mail.html)).toBe(
      `<h1 dir="auto">عرض</h1>\n<p dir="auto">Hello <strong>Ann</strong>, <a href="https://x.example/a?b=1&amp;c=2">look</a>:</p>\n<ul dir="auto">\n<li>one</li>\n<li>two</li>\n</ul>`,
    );
    expect(mail.text).toBe(
      "عرض\n\nHello Ann, look [https://x.example/a?b=1&c=2]:\n\n * one\n * two\n",
    );
  });

  test.each([
    "<script>alert(1)</script>",
    "Hi <img src=x onerror=alert(1)>",
    "<div>\n\n**x** <iframe src='https://x.example'></iframe>\n\n</div>",
    "<!-- x --><style>*{}</style>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](vbscript:x) [b](data:text/html,<script>alert(1)</script>) <javascript:alert(1)>",
    "![a](javascript:alert(1)) ![b](data:image/svg+xml,<svg/onload=alert(1)>)",
    '[a](https://x.example "\\" onmouseover=\\"alert(1)")',
    '![a" onerror="alert(1)](https://x.example/i.png)',
    "[a]: javascript:alert(1)\n\n[a]",
  ])("lets no script through from %s", async (body) => {
    const inner = bodyOf((await compose({ format: "markdown", body })).html) ?? "";
    const tags = [...inner.matchAll(/<\/?([a-z0-9]+)((?:\s+[a-z]+="[^"]*")*)\s*>/g)];
    // Every "<" begins one of these well-formed tags, of which none can run anything.
    expect(inner.match(/</g)?.length ?? 0).toBe(tags.length);
    for (const [, tag = "", attributes = ""] of tags) {
      expect(["p", "a", "img", "strong", "br", "pre", "code"]).toContain(tag);
      for (const [, name, value] of attributes.matchAll(/([a-z]+)="([^"]*)"/g)) {
        expect(["href", "src", "alt", "title", "dir", "style"]).toContain(name);
        if (name === "href" || name === "src") expect(value).toMatch(/^https:\/\/x\.example\//);
      }
    }
  });

  test("keeps the words of a link that it doesn't make", async () => {
    const mail = await compose({
      format: "markdown",
      body: "[the offer](javascript:alert(1)) ![tent](x.png)",
    });
    expect(bodyOf(mail.html)).toBe('<p dir="auto">the offer tent</p>');
  });
});

describe("html", () => {
  test("is put into a document when it is a fragment", async () => {
    const body =
      '<p>مرحبًا <b>Ann</b> <a href="https://x.example">https://x.example</a></p><img src="https://x.example/o.gif" alt="">';
    const mail = await compose({ format: "html", body, locale: "ar" });
    expect(mail.html).toContain('<html lang="ar" dir="rtl">');
    expect(bodyOf(mail.html)).toBe(body);
    expect(mail.text).toBe("مرحبًا Ann https://x.example\n");
  });

  test("is completed and otherwise kept when it is a whole document", async () => {
    const body =
      '<!doctype html><html dir="ltr"><head><title>$&</title></head><body class="a"><h1>Hi</h1></body></html>';
    const mail = await compose({ format: "html", body, locale: "ar", preheader: "Pre" });
    expect(mail.html).toContain(
      '<html dir="ltr" lang="ar"><head><title>$&</title></head><body class="a"><div style="display:none',
    );
    expect(mail.html).toContain("</div><h1>Hi</h1></body></html>");
    expect(mail.text).toBe("Hi\n");
  });

  test("gets its missing root element", async () => {
    const mail = await compose({ format: "html", body: "<body><p>Hi</p></body>" });
    expect(mail.html).toBe(
      '<!doctype html>\n<html lang="en" dir="ltr">\n<body><p>Hi</p></body>\n</html>',
    );
  });
});

describe("mjml", () => {
  const source = (inner: string, root = "") =>
    `<mjml${root}><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`;

  test("is compiled, in the contact's language and direction", async () => {
    const body = source(
      "<mj-text>مرحبًا Ann</mj-text><mj-button href='https://x.example/b'>اذهب</mj-button>",
    );
    const mail = await compose({ format: "mjml", body, locale: "ar", preheader: "Pre" });
    expect(mail.html).toMatch(/<html[^>]* lang="ar" dir="rtl">/);
    expect(mail.html).not.toContain("<mj-");
    expect(mail.html).toContain("data-preheader>Pre");
    expect(mail.text).toBe("مرحبًا Ann\n\nاذهب [https://x.example/b]\n");
  });

  test("keeps the language that its author wrote", async () => {
    const body = source("<mj-text>Hi</mj-text>", ' lang="fr" dir="ltr"');
    expect((await compose({ format: "mjml", body, locale: "ar" })).html).toMatch(
      /<html[^>]*lang="fr"[^>]*dir="ltr"/,
    );
  });

  test("is refused with its mistake named, again and again", async () => {
    const body = source("<mj-text>Hi</mj-text><mj-bogus />");
    for (let i = 0; i < 2; i += 1) {
      await expect(compose({ format: "mjml", body })).rejects.toEqual(
        new MailRefused(
          "The MJML has a mistake: line 1, mj-bogus: Element mj-bogus doesn't exist or is not registered.",
        ),
      );
    }
    await expect(compose({ format: "mjml", body: "no mjml" })).rejects.toBeInstanceOf(MailRefused);
  });

  test("reads no file", async () => {
    const body =
      '<mjml><mj-body><mj-include path="/etc/passwd" type="html" /><mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section></mj-body></mjml>';
    const result = await compose({ format: "mjml", body }).catch((error: unknown) => error);
    expect(JSON.stringify(result)).not.toContain("root:");
  });
});

describe("headers", () => {
  test("the Message-ID is the same for every attempt and another for another message or installation", async () => {
    const first = await compose({}, { attempt: 1 });
    const second = await compose({ body: "x" }, { attempt: 2, at: 5 });
    expect(first.messageId).toMatch(/^<[0-9a-f]{40}@acme\.example>$/);
    expect(second.messageId).toBe(first.messageId);
    expect(first.messageId).toBe(messageIdOf("c1.welcome.1.hello.1", options.from));
    expect((await compose({}, { key: "c1.welcome.1.hello.2" })).messageId).not.toBe(
      first.messageId,
    );
    expect(messageIdOf("k", options.from, "a")).not.toBe(messageIdOf("k", options.from, "b"));
  });

  test("a stored Message-ID is kept, one that isn't any is not", async () => {
    expect((await compose({}, { messageId: "<a@b.example>" })).messageId).toBe("<a@b.example>");
    expect((await compose({}, { messageId: "a@b.example" })).messageId).toBe("<a@b.example>");
    expect((await compose({}, { messageId: "a@b>\r\nX: y" })).messageId).toMatch(
      /@acme\.example>$/,
    );
  });

  test("one-click unsubscribe is there when the message has it, and only for web addresses", async () => {
    const { headers } = await compose({ unsubscribe: "https://x.example/u/t?a=1" });
    expect(headers["List-Unsubscribe"]?.value).toBe("<https://x.example/u/t?a=1>");
    expect(headers["List-Unsubscribe-Post"]?.value).toBe("List-Unsubscribe=One-Click");
    const relative = await compose({ unsubscribe: "/u/t" });
    expect(relative.headers["List-Unsubscribe"]?.value).toBe("<https://mail.acme.example/u/t>");
    expect((await compose({})).headers).toEqual({});
    expect((await compose({ unsubscribe: "javascript:x" })).headers).toEqual({});
  });

  test.each([
    [{ from: "Sara <sara@acme.example>" }, { name: "Sara", address: "sara@acme.example" }],
    [{ from: "sara@acme.example" }, { name: "", address: "sara@acme.example" }],
    [{ from: "سارة من أكمي" }, { name: "سارة من أكمي", address: "hello@acme.example" }],
    [
      { from: "Sara\r\nBcc: evil@x.example <sara@acme.example>" },
      { name: "Sara Bcc: evil@x.example", address: "sara@acme.example" },
    ],
    [
      { from: '"Acme, Inc." <sara@acme.example>' },
      { name: "Acme, Inc.", address: "sara@acme.example" },
    ],
    [
      { from: "Acme: Riyadh <sara@acme.example>" },
      { name: "Acme: Riyadh", address: "sara@acme.example" },
    ],
    [{}, { name: "Acme", address: "hello@acme.example" }],
  ])("the sender of %j is one mailbox", async (content, from) => {
    expect((await compose(content)).from).toEqual(from);
  });

  test.each(["a@x.example, b@x.example", "A <a@x.example>, B <b@x.example>", "<>", "x@", "a@b@c"])(
    "%j is refused as a sender and as a reply address",
    async (address) => {
      const refused = "is not an e-mail address.";
      await expect(compose({ from: address })).rejects.toThrow(refused);
      await expect(compose({ replyTo: address })).rejects.toThrow(refused);
    },
  );

  test("line breaks in a subject stay in the subject", async () => {
    const mail = await compose({ subject: "Hi\r\nBcc: evil@x.example\u2028x" });
    expect(mail.subject).toBe("Hi Bcc: evil@x.example x");
  });

  test.each([
    "",
    "ann",
    "a@b, c@d",
    "a@b\r\nRCPT TO:<c@d>",
    "<a@b>",
    "a b@c",
    '"a b"@c',
    "a@b@c",
    "a@b;c@d",
  ])("%j is refused as an address", async (to) => {
    await expect(compose({}, { to })).rejects.toThrow("is not an e-mail address.");
  });
});
