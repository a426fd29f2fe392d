import type { Label } from "../../nodes/index.ts";
import * as say from "./problems-json.ts";

/** Why a text is no JSON that may be read, and where (line and column from 1). */
export interface JsonFault {
  code: "not-json" | "too-deep" | "duplicate-key";
  line: number;
  column: number;
  message: Label;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$]+/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BLANK = /[ \t\r\n]*/y;

/** What may come next. */
type Expects = "value" | "value or ]" | "key" | "key or }" | ":" | ", or end" | "nothing";

interface Open {
  list: boolean;
  keys: Set<string>;
}

/**
 * Reads a text as JSON without building anything, so that a text nested on purpose is refused before a
 * parser follows it; null when `JSON.parse` may have it. A key written twice is a fault too: one of the
 * two would be lost unseen.
 */
export function jsonFault(text: string, maxDepth: number): JsonFault | null {
  return new Scanner(text, maxDepth).run();
}

class Scanner {
  #at = 0;
  #expects: Expects = "value";
  readonly #open: Open[] = [];

  constructor(
    readonly text: string,
    readonly maxDepth: number,
  ) {}

  run(): JsonFault | null {
    for (;;) {
      this.#match(BLANK);
      const c = this.text[this.#at];
      if (c === undefined)
        return this.#expects === "nothing" ? null : this.#fault(say.ended(this.#open.length));
      const fault = this.#token(c);
      if (fault) return fault;
    }
  }

  #token(c: string): JsonFault | null {
    switch (this.#expects) {
      case "value or ]":
        return c === "]" ? this.#close() : this.#value(c);
      case "value":
        return c === "]" && this.#list() ? this.#fault(say.lastComma("]")) : this.#value(c);
      case "key or }":
        return c === "}" ? this.#close() : this.#key(c);
      case "key":
        return c === "}" ? this.#fault(say.lastComma("}")) : this.#key(c);
      case ":":
        if (c !== ":") return this.#fault(say.noColon);
        return this.#go("value");
      case ", or end":
        if (c === ",") return this.#go(this.#list() ? "value" : "key");
        if (c === (this.#list() ? "]" : "}")) return this.#close();
        return this.#fault(c === "]" || c === "}" ? say.wrongBracket(c) : say.noComma);
      case "nothing":
        return this.#fault(say.tooMuch);
    }
  }

  #list(): boolean {
    return this.#open.at(-1)?.list === true;
  }

  #go(expects: Expects): null {
    this.#at++;
    this.#expects = expects;
    return null;
  }

  #done(): null {
    this.#expects = this.#open.length === 0 ? "nothing" : ", or end";
    return null;
  }

  #close(): null {
    this.#open.pop();
    this.#at++;
    return this.#done();
  }

  #value(c: string): JsonFault | null {
    if (c === "{" || c === "[") {
      if (this.#open.length >= this.maxDepth)
        return this.#fault(say.nested(this.maxDepth), "too-deep");
      this.#open.push({ list: c === "[", keys: new Set() });
      return this.#go(c === "[" ? "value or ]" : "key or }");
    }
    if (c === '"') return this.#string() ?? this.#done();
    const begin = this.#at;
    if (c === "-" || (c >= "0" && c <= "9")) {
      if (this.#match(NUMBER) === "" || this.#match(WORD) !== "") {
        this.#at = begin;
        return this.#fault(say.badNumber);
      }
      return this.#done();
    }
    const word = this.#match(WORD);
    if (word === "true" || word === "false" || word === "null") return this.#done();
    this.#at = begin;
    return this.#fault(this.#quotes(c) ?? (word === "" ? say.unexpected(c) : say.bareWord(word)));
  }

  #key(c: string): JsonFault | null {
    const begin = this.#at;
    if (c !== '"') {
      const word = this.#match(WORD);
      this.#at = begin;
      return this.#fault(this.#quotes(c) ?? (word === "" ? say.noKey : say.bareKey(word)));
    }
    const fault = this.#string();
    if (fault) return fault;
    const written = this.text.slice(begin, this.#at);
    const key = written.includes("\\") ? String(JSON.parse(written)) : written.slice(1, -1);
    const keys = this.#open.at(-1)?.keys;
    if (keys?.has(key)) {
      this.#at = begin;
      return this.#fault(say.keyTwice(key), "duplicate-key");
    }
    keys?.add(key);
    this.#expects = ":";
    return null;
  }

  /** Mistakes that people make who write JSON by hand or in a word processor. */
  #quotes(c: string): Label | null {
    if ("'‘’“”«»".includes(c)) return say.wrongQuotes(c);
    return c === "/" || c === "#" ? say.comment : null;
  }

  #string(): JsonFault | null {
    const begin = this.#at;
    for (this.#at++; this.#at < this.text.length; this.#at++) {
      const code = this.text.charCodeAt(this.#at);
      if (code === 0x22) {
        this.#at++;
        return null;
      }
      if (code < 0x20) {
        if (code !== 0x0a && code !== 0x0d) return this.#fault(say.control);
        break;
      }
      if (code === 0x5c) {
        if (this.#match(ESCAPE) === "") return this.#fault(say.badEscape);
        this.#at--;
      }
    }
    this.#at = begin;
    return this.#fault(say.openString);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #fault(message: Label, code: JsonFault["code"] = "not-json"): JsonFault {
    const before = this.text.slice(0, this.#at).split("\n");
    return { code, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
  }
}
