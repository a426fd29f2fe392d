import { ApiError, api, type Who } from "../api/index.ts";
import { i18n, t } from "../i18n/index.svelte.ts";
import { live } from "../live.svelte.ts";
import { type Role, reaches } from "./roles.ts";

/** Who uses the program in this browser, and what they may. */
class Me {
  /** Null: not known, as the program doesn't answer. */
  #who = $state.raw<Who | null>(null);
  /** Was signed in when the page was opened, and isn't any more. */
  #isLost = $state(false);

  get user(): Who["user"] {
    return this.#who?.user ?? null;
  }

  /** Nobody is the owner yet, so whoever sits at this computer may do everything. */
  get isSetup(): boolean {
    return this.#who?.setup ?? false;
  }

  /** Links can be mailed. */
  get mails(): boolean {
    return this.#who?.mails ?? false;
  }

  /** Must sign in before anything is shown. */
  get isStranger(): boolean {
    return this.#who !== null && this.#who.role === null && !this.#isLost;
  }

  /** Must sign in again to go on where one is; what is on the page stays. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether one may what a role may. The server has the last word. */
  may(role: Role): boolean {
    const own = this.#who?.role;
    return own === undefined || own === null || reaches(own, role);
  }

  /** Why one may not what a role may, as a tip of what is disabled; undefined: one may. */
  lacks(role: Role): string | undefined {
    return this.may(role) ? undefined : t("role.lacks", { role: t(`role.${role}`) });
  }

  /** Asks who it is; call it once, before anything is drawn. */
  async start(): Promise<void> {
    live.onRefused = () => this.#refused();
    try {
      this.#who = await (await api.session.index.$get()).json();
    } catch (error) {
      // The pages say that nobody answers.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Somebody signed in, or changed their account. */
  async take(who: Who): Promise<void> {
    const before = this.user?.id;
    if (this.#isLost && before !== undefined && before !== who.user?.id) {
      // What is on the page is somebody else's.
      location.reload();
      return;
    }
    this.#who = who;
    this.#isLost = false;
    if (who.user && !i18n.isChosen) await i18n.choose(who.user.language);
  }

  async change(to: { name?: string; language?: "en" | "ar" }): Promise<void> {
    const user = await (await api.account.index.$patch({ json: to })).json();
    if (this.#who) this.#who = { ...this.#who, user };
    if (to.language) await i18n.choose(to.language);
  }

  /** Ends the session, and forgets all that is on the page. */
  async leave(): Promise<void> {
    await api.session.index.$delete();
    location.assign("/sign-in");
  }

  #refused(): void {
    if (this.#who === null) return;
    if (this.#who.role !== null) this.#isLost = true;
  }
}

export const me = new Me();
