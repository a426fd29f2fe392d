import { and, asc, eq } from "drizzle-orm";
import type { Store } from "../store.ts";
import type { Base } from "./database.ts";
import { eachStretch, type Inbox } from "./inputs.ts";
import { schedules, splits } from "./schema.ts";
import type { Writer } from "./write.ts";

type ScheduleParts = Pick<Store, "schedules" | "setSchedule" | "dropSchedules" | "fireSchedule">;

export function schedulesPart(base: Base, inbox: Inbox): ScheduleParts {
  const { orm, db, write } = base;
  const isNext = db.prepare(
    "SELECT 1 FROM schedules WHERE flow = ? AND node = ? AND version = ? AND next = ?",
  );
  const move = db.prepare(
    "UPDATE schedules SET next = ? WHERE flow = ? AND node = ? AND version = ? AND next = ?",
  );
  return {
    async schedules() {
      return orm.select().from(schedules).orderBy(asc(schedules.flow), asc(schedules.node)).all();
    },
    async setSchedule(schedule) {
      write(() => {
        const of = and(eq(schedules.flow, schedule.flow), eq(schedules.node, schedule.node));
        const old = orm.select().from(schedules).where(of).get();
        if (old?.version === schedule.version) return;
        orm.delete(schedules).where(of).run();
        orm.insert(schedules).values(schedule).run();
      });
    },
    async dropSchedules(flow) {
      write(() => orm.delete(schedules).where(eq(schedules.flow, flow)).run());
    },
    async fireSchedule({ flow, node, version }, moment, next, audience, now) {
      // The id is the moment's: begun again after a crash, or by two at once, everybody gets it once.
      const id = `fire:${flow}:${node}:${moment}`;
      const input = { kind: "fire", flow, node, moment, at: now, id } as const;
      let fired = 0;
      if (audience !== null) {
        await eachStretch(base, (stretch) =>
          write(() => {
            if (isNext.get(flow, node, version, moment) === null) return;
            // Whose events of this moment aren't looked at yet is asked again in the turn, after them.
            fired += inbox.addForAll(audience, input, now, stretch, true);
          }),
        );
      }
      // Whoever moves the moment on has fired it; everyone else finds it moved.
      return write(() => (move.run(next, flow, node, version, moment).changes > 0 ? fired : null));
    },
  };
}

type SplitParts = Pick<Store, "splits" | "decideSplit" | "splitNumbers">;

export function splitsPart(base: Base, writer: Writer, inbox: Inbox): SplitParts {
  const { db, orm, write } = base;
  const waiting = db.prepare<{ contact: number }, [string, string]>(
    `SELECT DISTINCT contact FROM runs WHERE flow = ? AND state IN ('active', 'paused')
     AND node = ? AND waiting = 'winner' ORDER BY contact`,
  );
  const happened = `EXISTS (SELECT 1 FROM outbox o, json_each(o.receipts) r
    WHERE o.contact = c.pk AND o.flow = ?2 AND o.node IN (SELECT value FROM json_each(?3))
      AND r.value ->> '$.event' = ?4 AND coalesce(r.value ->> '$.machine', 0) = 0)`;
  // A goal of the settings has no node; one of a goal node counts from the branches' own nodes.
  const reached = `EXISTS (SELECT 1 FROM journal j WHERE j.contact = c.pk AND j.flow = ?2 AND j.kind = ?4
    AND (j.node IS NULL OR j.node IN (SELECT value FROM json_each(?3))))`;
  const numbers = (hit: string) =>
    db.prepare<{ variant: string; contacts: number; hits: number }, string[]>(
      `SELECT d.value AS variant, count(*) AS contacts, sum(${hit}) AS hits
       FROM (SELECT contact AS pk, drawn FROM marks) c, json_each(c.drawn) d WHERE d.key = ?1 GROUP BY 1 ORDER BY 1`,
    );
  const byEvent = numbers(happened);
  const byGoal = numbers(reached);
  return {
    async splits() {
      return orm
        .select({
          flow: splits.flow,
          node: splits.node,
          firstArrival: splits.firstArrival,
          decided: splits.decided,
          figures: splits.numbers,
        })
        .from(splits)
        .orderBy(asc(splits.flow), asc(splits.node))
        .all()
        .map(({ figures, ...split }) => ({
          ...split,
          figures: figures === null ? null : (JSON.parse(figures) as Record<string, unknown>),
        }));
    },
    async decideSplit(flow, node, winner, figures, line) {
      return write(() => {
        const { changes } = db
          .prepare(
            "UPDATE splits SET decided = ?, numbers = ? WHERE flow = ? AND node = ? AND decided IS NULL",
          )
          .run(winner, JSON.stringify(figures), flow, node);
        if (changes === 0) return false;
        writer.lines(null, [line]);
        const input = {
          kind: "decided",
          flow,
          node,
          at: line.at,
          id: `decided:${flow}:${node}`,
        } as const;
        for (const { contact } of waiting.all(flow, node)) inbox.add(contact, input);
        return true;
      });
    },
    async splitNumbers(flow, node, nodes, by) {
      const list = JSON.stringify(nodes);
      return (by === "goal" ? byGoal : byEvent).all(`${flow}/${node}`, flow, list, by);
    },
  };
}
