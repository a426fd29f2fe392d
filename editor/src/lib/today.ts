import type { TaskItem } from "./api/index.ts";

/** What a call or task may be closed with, in the order of the keys 1, 2, 3. */
export const OUTCOMES = {
  call: ["answered", "no-answer", "not-interested"],
  task: ["done"],
} as const;

export interface Part {
  name: "overdue" | "due" | "later";
  tasks: TaskItem[];
}

/**
 * Open tasks by urgency: overdue, due today, later or with no date. `day` gives a moment's day where the person
 * is, as 2026-11-22.
 */
export function byUrgency(
  tasks: readonly TaskItem[],
  now: number,
  day: (moment: string | number) => string,
): Part[] {
  const due = (task: TaskItem): number =>
    task.due === null ? Number.POSITIVE_INFINITY : Date.parse(task.due);
  const sorted = [...tasks].sort((a, b) => {
    const [x, y] = [due(a), due(b)];
    return x === y ? String(a.opened).localeCompare(String(b.opened)) : x - y;
  });
  const today = day(now);
  const parts: Part[] = [
    { name: "overdue", tasks: [] },
    { name: "due", tasks: [] },
    { name: "later", tasks: [] },
  ];
  for (const task of sorted) {
    const part = due(task) < now ? 0 : task.due !== null && day(task.due) === today ? 1 : 2;
    parts[part]?.tasks.push(task);
  }
  return parts.filter((part) => part.tasks.length > 0);
}
