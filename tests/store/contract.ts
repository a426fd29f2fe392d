import { describe } from "vitest";
import type { Store } from "../../engine/store/store.ts";
import { accountsContract } from "./contract-accounts.ts";
import { contactsContract } from "./contract-contacts.ts";
import { eraseContract } from "./contract-erase.ts";
import { flowsContract } from "./contract-flows.ts";
import { jobsContract } from "./contract-jobs.ts";
import { mergeContract } from "./contract-merge.ts";
import { outboxContract } from "./contract-outbox.ts";
import { readContract } from "./contract-read.ts";
import { requestsContract } from "./contract-requests.ts";
import { scheduleContract } from "./contract-schedules.ts";
import { workContract } from "./contract-work.ts";

/** Opens an empty store. */
export type Open = () => Promise<Store>;

/** What every store does; each implementation runs it. */
export function storeContract(name: string, open: Open): void {
  describe(name, () => {
    describe("workspace and flows", () => flowsContract(open));
    describe("contacts", () => contactsContract(open));
    describe("merging", () => mergeContract(open));
    describe("work", () => workContract(open));
    describe("outbox", () => outboxContract(open));
    describe("schedules and splits", () => scheduleContract(open));
    describe("reading", () => readContract(open));
    describe("erasing", () => eraseContract(open));
    describe("jobs", () => jobsContract(open));
    describe("repeated requests", () => requestsContract(open));
    describe("accounts", () => accountsContract(open));
  });
}
