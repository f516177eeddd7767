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
 * Remembers who was told of which tasks for longer than the process lives: written before a client hears of a task, and
 * read there and where it names one that the process does not know. Calls that make no task come by none of it.
 */
export interface TaskStore {
  /** Keeps a route. Resolves once it is written, or cannot be for now. */
  add(route: TaskRoute): Promise<void>;
  /**
   * Who was told of a task of this id, the last one last: by each server this person, and of others some. Rejects where
   * that cannot be found out.
   */
  find(taskId: string, person: string): Promise<readonly TaskTold[]>;
  /** Of some tasks of a server, who was told of which. Rejects where that cannot be found out. */
  ofServer(serverId: string, taskIds: readonly string[]): Promise<readonly { taskId: string; person: string }[]>;
}
