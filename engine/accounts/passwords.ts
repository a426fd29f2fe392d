import type { Label } from "../../nodes/index.ts";
import { AccountRefused } from "./refused.ts";

/** What a hash costs: memory in KiB, and rounds. */
export interface Cost {
  memory: number;
  rounds: number;
}

/** OWASP's first choice for argon2id, with a single lane. */
const COST: Cost = { memory: 19_456, rounds: 2 };
/** Hashing is slow and sign-ins are limited, so this is enough for what isn't among the first guesses. */
const SHORTEST = 10;
const LONGEST = 200;
/** So many are hashed at once: each takes memory and a thread. */
const AT_ONCE = 2;
/** So many may wait for their turn; whoever comes then is asked to come again. */
const MOST_WAITING = 50;

/** What people choose first when ten characters are asked for. */
const COMMON = new Set(
  `1234567890 0123456789 12345678910 123456789a 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty1234 qwerty12345
  asdfghjkl; abcdefghij abcd123456 abc1234567 password12 password123 password1234 passw0rd123 p@ssword123
  p@ssw0rd123 letmein123 welcome123 iloveyou123 administrator admin12345 admin123456 changeme123 football123
  sunshine123 princess123 superman123 mohammed123 mohammed1234 ahmed12345 ahmed123456 saudiarabia alhamdulillah
  bismillah123 habibi12345 العربية123 1234512345 1111111111 0000000000 tawasul123 tawasul1234`.split(
    /\s+/,
  ),
);

/** Text that looks the same is the same, however it was typed. */
const normal = (password: string): string => password.normalize("NFKC");

/** Why a password is too weak, or null. What others know of the person is no secret. */
export function weakness(
  password: string,
  { name, email }: { name: string; email: string },
): Label | null {
  const text = normal(password);
  if ([...text].length < SHORTEST)
    return {
      en: `The password needs at least ${SHORTEST} characters; a few words in a row are easy to remember.`,
      ar: `تحتاج كلمة المرور إلى ${SHORTEST} خانات على الأقل، وبضع كلمات متتالية يسهل تذكّرها.`,
    };
  if (text.length > LONGEST)
    return {
      en: `The password may have at most ${LONGEST} characters.`,
      ar: `لا تزيد كلمة المرور عن ${LONGEST} خانة.`,
    };
  const lower = text.toLowerCase();
  const known = [name, email, ...email.split("@")].map((part) => part.toLowerCase());
  const isKnown = known.includes(lower) || known.includes(lower.replace(/[\d\W_]+$/u, ""));
  if (COMMON.has(lower) || new Set(lower).size < 4 || isKnown)
    return {
      en: "The password is too easy to guess; a few words in a row are better.",
      ar: "كلمة المرور سهلة التخمين، وبضع كلمات متتالية أفضل.",
    };
  return null;
}

/** Hashes passwords and compares them, a few at a time. */
export class Passwords {
  readonly #options: { algorithm: "argon2id"; memoryCost: number; timeCost: number };
  #decoy: Promise<string> | null = null;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ memory, rounds }: Cost = COST) {
    this.#options = { algorithm: "argon2id", memoryCost: memory, timeCost: rounds };
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => Bun.password.hash(normal(password), this.#options));
  }

  /** Compares with a hash; without one it takes as long, so that the answer doesn't tell who has an account. */
  async matches(password: string, hash: string | null): Promise<boolean> {
    if (password.length > LONGEST) return false;
    this.#decoy ??= this.hash(crypto.randomUUID());
    const against = hash ?? (await this.#decoy);
    const isSame = await this.#inTurn(() => Bun.password.verify(normal(password), against));
    return isSame && hash !== null;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw busy();
      await new Promise<void>((go) => this.#waiting.push(go));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever is next takes this place over.
      if (next) next();
      else this.#running--;
    }
  }
}

const busy = (): AccountRefused =>
  new AccountRefused(
    "too-many",
    "Too many people are signing in at once; try again in a moment.",
    "عدد كبير يسجّل الدخول الآن؛ حاول بعد لحظات.",
  );
