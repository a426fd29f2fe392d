import type { Line } from "../../core/state.ts";
import type { Schedule, SplitRecord, Store } from "../store.ts";
import { Batch } from "./batch.ts";
import type { Base } from "./database.ts";
import { addForAll, eachStretch } from "./inputs.ts";
import { hold } from "./people.ts";

type ScheduleParts = Pick<Store, "schedules" | "setSchedule" | "dropSchedules" | "fireSchedule">;

export function schedulesPart(base: Base): ScheduleParts {
  return {
    schedules: () =>
      base.all<Schedule>("SELECT flow, node, version, next FROM schedules ORDER BY flow, node"),
    async setSchedule({ flow, node, version, next }) {
      await base.run(
        `INSERT INTO schedules (flow, node, version, next) VALUES ($1, $2, $3, $4)
         ON CONFLICT (flow, node) DO UPDATE SET version = excluded.version, next = excluded.next
         WHERE schedules.version <> excluded.version`,
        ...[flow, node, version, next],
      );
    },
    async dropSchedules(flow) {
      await base.run("DELETE FROM schedules WHERE flow = $1", flow);
    },
    async fireSchedule({ flow, node, version }, moment, next, audience, now) {
      // The id is the moment's: begun again after a crash, or by two at once, everybody gets it once.
      const id = `fire:${flow}:${node}:${moment}`;
      const input = { kind: "fire", flow, node, moment, at: now, id } as const;
      const which = "flow = $1 AND node = $2 AND version = $3 AND next = $4";
      let fired = 0;
      if (audience !== null) {
        await eachStretch(base, async (stretch) => {
          fired += await base.write(async (tx) => {
            // Held, so that nobody moves the moment on while somebody still fires it.
            const isNext = await tx.get(
              `SELECT 1 FROM schedules WHERE ${which} FOR SHARE`,
              ...[flow, node, version, moment],
            );
            // Whose events of this moment aren't looked at yet is asked again in the turn, after them.
            return isNext ? addForAll(tx, audience, input, now, stretch, true) : 0;
          });
        });
      }
      // Whoever moves the moment on has fired it; everyone else finds it moved.
      const moved = await base.run(
        `UPDATE schedules SET next = $5 WHERE ${which}`,
        ...[flow, node, version, moment, next],
      );
      return moved > 0 ? fired : null;
    },
  };
}

type SplitParts = Pick<Store, "splits" | "decideSplit" | "splitNumbers">;

const HAPPENED = `EXISTS (SELECT 1 FROM outbox o, json_array_elements(o.receipts) r
  WHERE o.contact = c.contact AND o.flow = $2 AND o.node IN (SELECT value FROM json_array_elements_text($3::json))
    AND r.value ->> 'event' = $4 AND coalesce(r.value ->> 'machine', 'false') = 'false')`;
/** A goal of the settings has no node; one of a goal node counts from the branches' own nodes. */
const REACHED = `EXISTS (SELECT 1 FROM journal j WHERE j.contact = c.contact AND j.flow = $2 AND j.kind = $4
  AND (j.node IS NULL OR j.node IN (SELECT value FROM json_array_elements_text($3::json))))`;

export function splitsPart(base: Base): SplitParts {
  return {
    async splits() {
      const rows = await base.all<Omit<SplitRecord, "figures"> & { numbers: string | null }>(
        `SELECT flow, node, first_arrival AS "firstArrival", decided, numbers FROM splits ORDER BY flow, node`,
      );
      return rows.map(({ numbers, ...split }) => ({
        ...split,
        figures: numbers === null ? null : (JSON.parse(numbers) as Record<string, unknown>),
      }));
    },
    decideSplit: (flow, node, winner, figures, line: Line) =>
      base.write(async (tx) => {
        const waiting = await tx.all<{ contact: number }>(
          `SELECT DISTINCT contact FROM runs WHERE flow = $1 AND state IN ('active', 'paused')
           AND node = $2 AND waiting = 'winner' ORDER BY contact`,
          flow,
          node,
        );
        await hold(
          tx,
          waiting.map(({ contact }) => contact),
        );
        const decided = await tx.run(
          "UPDATE splits SET decided = $1, numbers = $2 WHERE flow = $3 AND node = $4 AND decided IS NULL",
          ...[winner, JSON.stringify(figures), flow, node],
        );
        if (decided === 0) return false;
        const rows = new Batch();
        rows.lines(null, [line]);
        const id = `decided:${flow}:${node}`;
        for (const { contact } of waiting)
          rows.input(contact, { kind: "decided", flow, node, at: line.at, id });
        await rows.flush(tx);
        return true;
      }),
    splitNumbers: (flow, node, nodes, by) =>
      base.all(
        `SELECT d.value AS variant, count(*) AS contacts,
           count(*) FILTER (WHERE ${by === "goal" ? REACHED : HAPPENED}) AS hits
         FROM marks c CROSS JOIN LATERAL json_each_text(c.drawn) d WHERE d.key = $1 GROUP BY 1 ORDER BY 1`,
        ...[`${flow}/${node}`, flow, JSON.stringify(nodes), by],
      ),
  };
}
