/** Engines of several processes on one store: who lives, and who is told. */
export interface WorkerStore {
  /** Whether engines of other processes may work on it at the same time. */
  readonly shared: boolean;
  /**
   * From now on `worker` lives: what it sends is nobody else's until it is let go of, or its process or its way to the
   * store ends. A worker that has lost its way claims nothing until it has it back. Returns what lets go of it.
   */
  live(worker: string): Promise<() => Promise<void>>;
  /** Calls `wake` whenever another process has left something to do. Returns what ends it. */
  onWork(wake: () => void): Promise<() => Promise<void>>;
}
