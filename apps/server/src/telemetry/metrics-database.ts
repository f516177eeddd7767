import { Gauge, type Registry } from 'prom-client';

export interface DatabaseFigures {
  isUp(): boolean;
  /** Call records that could not be written, since the start. */
  lost(): number;
}

/** The state of the database, and the history that its absence lost. */
export function addDatabaseGauges(registry: Registry, figures: DatabaseFigures): void {
  const registers = [registry];
  void new Gauge({
    name: 'switchboard_database_up',
    help: '1 while the database answers, 0 while it is away',
    registers,
    collect() {
      this.set(figures.isUp() ? 1 : 0);
    },
  });
  // Counted elsewhere: a counter of this library can only be added to.
  void new Gauge({
    name: 'switchboard_call_records_lost_total',
    help: 'Call records that could not be written',
    registers,
    collect() {
      this.set(figures.lost());
    },
  });
}
