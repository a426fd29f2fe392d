import { MediaQuery } from "svelte/reactivity";

export type Theme = "system" | "light" | "dark";

const KEY = "tawasul.theme";
const read = (): Theme => {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
};

/** Light, dark, or as the person's system has it; kept in this browser. */
class ThemeChoice {
  #choice = $state<Theme>(read());
  readonly #system = new MediaQuery("prefers-color-scheme: dark");

  constructor() {
    this.#apply();
  }

  get choice(): Theme {
    return this.#choice;
  }

  set choice(theme: Theme) {
    this.#choice = theme;
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
    this.#apply();
  }

  /** What shows now. */
  get isDark(): boolean {
    return this.#choice === "system" ? this.#system.current : this.#choice === "dark";
  }

  #apply(): void {
    if (this.#choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.#choice;
  }
}

export const theme = new ThemeChoice();
