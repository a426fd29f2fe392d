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

/** Open tasks by urgency: overdue, due until the end of the day (`endOfDay`, milliseconds), later or with no date. */
export function byUrgency(tasks: readonly TaskItem[], now: number, endOfDay: number): Part[] {
  const due = (task: TaskItem): number =>
    task.due === null ? Number.POSITIVE_INFINITY : Date.parse(task.due);
  const sorted = [...tasks].sort((a, b) => {
    const [x, y] = [due(a), due(b)];
    return x === y ? String(a.opened).localeCompare(String(b.opened)) : x - y;
  });
  const parts: Part[] = [
    { name: "overdue", tasks: sorted.filter((task) => due(task) < now) },
    { name: "due", tasks: sorted.filter((task) => due(task) >= now && due(task) <= endOfDay) },
    { name: "later", tasks: sorted.filter((task) => due(task) > endOfDay) },
  ];
  return parts.filter((part) => part.tasks.length > 0);
}
