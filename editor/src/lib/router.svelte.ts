import type { Component } from "svelte";

type Page = () => Promise<{ default: Component<{ params: Record<string, string> }> }>;
/** A page that needs nothing of the address. */
type Plain = () => Promise<{ default: Component<Record<string, never>> }>;

/** Svelte ignores what a component doesn't ask for; its types don't say so. */
const plain = (page: Plain): Page => page as unknown as Page;

/** Each page with its path; `:name` is handed to it as `params.name`. Loaded when it is first opened. */
const ROUTES: { path: string; page: Page; isBare?: true }[] = [
  { path: "/today", page: plain(() => import("../pages/Today.svelte")) },
  { path: "/flows", page: plain(() => import("../pages/Flows.svelte")) },
  { path: "/flows/:id", page: () => import("../pages/Flow.svelte") },
  { path: "/flows/:id/versions", page: () => import("../pages/Versions.svelte") },
  { path: "/contacts", page: plain(() => import("../pages/Contacts.svelte")) },
  { path: "/contacts/:id", page: () => import("../pages/Contact.svelte") },
  { path: "/imports", page: plain(() => import("../pages/Imports.svelte")) },
  { path: "/preferences", page: plain(() => import("../pages/Preferences.svelte")) },
  { path: "/messages", page: plain(() => import("../pages/Messages.svelte")) },
  { path: "/account", page: plain(() => import("../pages/Account.svelte")) },
  { path: "/people", page: plain(() => import("../pages/People.svelte")) },
  { path: "/keys", page: plain(() => import("../pages/Keys.svelte")) },
  { path: "/audit", page: plain(() => import("../pages/Audit.svelte")) },
  { path: "/sign-in", page: plain(() => import("../pages/SignIn.svelte")), isBare: true },
  { path: "/owner", page: plain(() => import("../pages/Owner.svelte")), isBare: true },
  { path: "/join", page: plain(() => import("../pages/Join.svelte")), isBare: true },
  { path: "/forgotten", page: plain(() => import("../pages/Forgotten.svelte")), isBare: true },
  { path: "/reset", page: plain(() => import("../pages/Reset.svelte")), isBare: true },
];
export const HOME = "/flows";
const MISSING = plain(() => import("../pages/Missing.svelte"));

export interface Match {
  page: Page;
  /** The route's pattern, for example `/flows/:id`. */
  path: string;
  params: Record<string, string>;
  /** Drawn without the pages around it: for whoever isn't signed in. */
  isBare: boolean;
}

/** The page that a path names; an unknown path has the page that says so. */
export function match(pathname: string): Match {
  const given = parts(pathname);
  for (const { path, page, isBare = false } of ROUTES) {
    const wanted = parts(path);
    if (wanted.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, i) => {
      const value = given[i] ?? "";
      if (!part.startsWith(":")) return part === value;
      params[part.slice(1)] = value;
      return true;
    });
    if (fits) return { page, path, params, isBare };
  }
  return { page: MISSING, path: "", params: {}, isBare: false };
}

const parts = (path: string): string[] => path.split("/").filter(Boolean).map(decode);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Where the person is: the address bar, readable as state. */
class Router {
  #url = $state.raw(new URL(location.href));
  readonly match = $derived(match(this.#url.pathname));
  readonly query = $derived(this.#url.searchParams);

  get path(): string {
    return this.#url.pathname;
  }

  /** Goes to a path of ours. `replace`: the back button skips where one was. */
  go(to: string, { replace = false } = {}): void {
    const url = new URL(to, location.href);
    if (replace) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
    this.#url = url;
  }

  /** Changes parts of the query; null or "" drops one. The back button doesn't go through filters. */
  setQuery(change: Record<string, string | null>): void {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(change)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    this.go(`${url.pathname}${url.search}`, { replace: true });
  }

  /** Follows the address bar and every plain link to a page of ours. */
  start(): void {
    if (location.pathname === "/") this.go(HOME, { replace: true });
    addEventListener("popstate", () => {
      this.#url = new URL(location.href);
    });
    document.addEventListener("click", (event) => {
      const href = ourLink(event);
      if (href === null) return;
      event.preventDefault();
      this.go(href);
    });
  }
}

/** Where a click on a link to one of our pages leads; null when the browser should deal with it. */
function ourLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.href || link.target || link.hasAttribute("download")) return null;
  const url = new URL(link.href);
  if (url.origin !== location.origin || match(url.pathname).path === "") return null;
  return `${url.pathname}${url.search}${url.hash}`;
}

export const router = new Router();
