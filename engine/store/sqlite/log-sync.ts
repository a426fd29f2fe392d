import { closeSync, fdatasync, openSync } from "node:fs";

/** Syncs a database's log of changes to the disk while this thread goes on. */
export interface LogSync {
  /** Resolves when everything that is committed by now would survive a power loss. */
  sync(): Promise<void>;
  close(): void;
}

/** Of the database in the file `path`, which is in WAL mode and stays open for as long as this is. */
export function logSyncOf(path: string): LogSync {
  let log: number | null = null;
  let underWay = 0;
  let isClosed = false;
  const close = (): void => {
    if (log !== null && isClosed && underWay === 0) closeSync(log);
  };
  return {
    sync() {
      log ??= openSync(`${path}-wal`, "r+");
      const file = log;
      underWay++;
      return new Promise<void>((resolve, reject) => {
        fdatasync(file, (error) => {
          underWay--;
          close();
          if (error) reject(error);
          else resolve();
        });
      });
    },
    close() {
      isClosed = true;
      close();
    },
  };
}
