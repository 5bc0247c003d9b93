/** Rows of telemetry, column by column, as plots want them. */

const KEPT = 2400;

export class Telemetry {
  channels = [];
  /** One array for each channel; null: no value. */
  columns = [];
  #session = -1;

  /** A session begins. */
  begin({ id, channels }) {
    this.#session = id;
    this.channels = channels;
    this.columns = channels.map(() => []);
  }

  /** Adds the rows of a message of this session. Returns whether there were any. */
  add({ session, channels, rows }) {
    if (session !== this.#session || channels !== this.channels.length || rows.length === 0) return false;
    for (let at = 0; at < rows.length; at += channels) {
      for (let i = 0; i < channels; i++) {
        const value = rows[at + i];
        this.columns[i].push(Number.isNaN(value) ? null : value);
      }
    }
    const tooMany = this.columns[0].length - KEPT;
    // Not one by one: that would move everything at each row.
    if (tooMany > KEPT / 8) for (const column of this.columns) column.splice(0, tooMany);
    return true;
  }

  /** The column of a channel; empty for one that is not there. */
  column(key) {
    return this.columns[this.channels.findIndex((channel) => channel.key === key)] ?? [];
  }

  /** The newest value of a channel; undefined where there is none. */
  latest(key) {
    return this.column(key).at(-1) ?? undefined;
  }
}
