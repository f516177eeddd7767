/** That a person was told of a task, by which server, and with which credential the person came. */
export interface TaskTold {
  person: string;
  credential: string;
  serverId: string;
}

export interface TaskRoute extends TaskTold {
  taskId: string;
  /** Epoch milliseconds after which nobody asks for the task any more. */
  expiresAt: number;
}

/**
 * Remembers who was told of which tasks for longer than the process lives. Nothing here is on the way of a tool call:
 * routes are written behind, and read where a client names a task that the process does not know.
 */
export interface TaskStore {
  /** Keeps a route soon; nothing waits for it, and what cannot be kept is lost. */
  add(route: TaskRoute): void;
  /** Everybody who was told of a task of this id, the last one last. Rejects where that cannot be found out. */
  find(taskId: string): Promise<readonly TaskTold[]>;
  /** Of some tasks of a server, who was told of which. Rejects where that cannot be found out. */
  ofServer(serverId: string, taskIds: readonly string[]): Promise<readonly { taskId: string; person: string }[]>;
}
