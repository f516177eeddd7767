/** A person was given a task, by a server, with a credential. */
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
 * Stores who was given which tasks for longer than the process lives: written before a client gets a task, and read
 * there and where it names one that the process does not know. Calls without a task never reach it.
 */
export interface TaskStore {
  /** Keeps a route. Resolves once it is written, or cannot be for now. */
  add(route: TaskRoute): Promise<void>;
  /**
   * The people who were given a task of this id, the last one last: all servers of this person, and some of others.
   * Rejects where that is unknown.
   */
  find(taskId: string, person: string): Promise<readonly TaskTold[]>;
  /** For some tasks of a server, the people who were given each. Rejects where that is unknown. */
  ofServer(serverId: string, taskIds: readonly string[]): Promise<readonly { taskId: string; person: string }[]>;
}
