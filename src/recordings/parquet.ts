import fs from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import { InvalidFileError } from '../core/errors.ts';
import { AtomicFile, type FileMark } from '../core/files.ts';

/** A leaf's type: the parquet type and, for text, its annotation. */
export type LeafType = 'FLOAT' | 'DOUBLE' | 'INT64' | 'BOOLEAN' | 'STRING';

/** A column of a table: one value, a list nested `depth` deep, or an embedded picture {bytes, path}. */
export type ColumnType =
  | { readonly kind: 'leaf'; readonly type: LeafType }
  | { readonly kind: 'list'; readonly type: LeafType; readonly depth: number }
  | { readonly kind: 'picture' };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** One row: a value per column, in the columns' order. INT64 values are bigint. */
export type Row = readonly unknown[];

function leaf(name: string, type: LeafType): SchemaElement {
  if (type === 'STRING') return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
  return { name, type, repetition_type: 'OPTIONAL' };
}

/** Schema elements as Arrow writes them: three-level lists with `list` and `element`, all optional. */
function elements(column: Column): SchemaElement[] {
  const { name, type } = column;
  if (type.kind === 'leaf') return [leaf(name, type.type)];
  if (type.kind === 'picture') {
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 2 },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      leaf('path', 'STRING'),
    ];
  }
  const result: SchemaElement[] = [];
  for (let level = 0; level < type.depth; level++) {
    result.push(
      { name: level === 0 ? name : 'element', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    );
  }
  return [...result, leaf('element', type.type)];
}

/** Writes a table row group by row group; memory holds one row group. Call `commit` or `discard` at the end. */
export class ParquetFile {
  readonly #columns: readonly Column[];
  readonly #file: AtomicFile;
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];
  #rowBytes = 0;
  readonly #rowsAtOnce: number;

  /** @param metadata key-value metadata of the file; @param rowsAtOnce most rows of a row group */
  constructor(
    path: string,
    columns: readonly Column[],
    metadata: Readonly<Record<string, string>>,
    rowsAtOnce = ROW_GROUP_ROWS,
  ) {
    this.#columns = columns;
    this.#rowsAtOnce = rowsAtOnce;
    this.#file = new AtomicFile(path);
    const bytes = new ByteWriter(1 << 16);
    const file = this.#file;
    const flush = (): void => {
      file.write(bytes.getBytes());
      bytes.index = 0;
    };
    bytes.finish = flush;
    this.#writer = new ParquetWriter({
      writer: Object.assign(bytes, { flush }),
      schema: [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elements)],
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: 'torcs-pilot',
    });
  }

  /** @param pictureBytes size of the row's pictures, which counts towards the row group's */
  add(row: Row, pictureBytes = 0): void {
    this.#rows.push(row);
    this.#rowBytes += pictureBytes;
    if (this.#rows.length >= this.#rowsAtOnce || this.#rowBytes >= ROW_GROUP_PICTURE_BYTES) this.#flush();
  }

  commit(): FileMark {
    this.#flush();
    this.#writer.finish();
    return this.#file.commit();
  }

  discard(): void {
    this.#file.discard();
  }

  #flush(): void {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#rowBytes = 0;
    const columnData = this.#columns.map((column, i): ColumnSource => {
      const data = rows.map((row) => row[i]);
      if (column.type.kind === 'picture') {
        return { name: column.name, data, codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false };
      }
      if (column.type.kind === 'list') return { name: column.name, data, encoding: 'PLAIN', statistics: false };
      return { name: column.name, data };
    });
    this.#writer.write({ columnData, rowGroupSize: rows.length });
  }
}

/** Rows of a row group, and bytes of pictures after which it ends early: what a reader must hold at once. */
const ROW_GROUP_ROWS = 250;
const ROW_GROUP_PICTURE_BYTES = 4 * 1024 * 1024;

/** Reads a table row group by row group; memory holds one row group. @throws {@link InvalidFileError} naming the file */
export async function* readParquet(
  path: string,
  options: { columns?: readonly string[]; rowStart?: number; rowEnd?: number } = {},
): AsyncGenerator<Record<string, unknown>> {
  const { file, metadata } = await open(path);
  const first = options.rowStart ?? 0;
  const last = options.rowEnd ?? Number(metadata.num_rows);
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const rowStart = Math.max(start, first);
    const rowEnd = Math.min(end, last);
    start = end;
    if (rowStart >= rowEnd) continue;
    const rows = await guarded(path, () =>
      parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd,
        utf8: false,
        ...(options.columns === undefined ? {} : { columns: [...options.columns] }),
      }),
    );
    yield* rows;
  }
}

/** Column names and number of rows. */
export async function parquetSummary(path: string): Promise<{ columns: string[]; rows: number }> {
  const { metadata } = await open(path);
  const columns: string[] = [];
  let skip = 0;
  for (const element of metadata.schema.slice(1)) {
    if (skip === 0) columns.push(element.name);
    skip = Math.max(0, skip - 1) + (element.num_children ?? 0);
  }
  return { columns, rows: Number(metadata.num_rows) };
}

async function open(path: string): Promise<{ file: AsyncBuffer; metadata: FileMetaData }> {
  return guarded(path, async () => {
    const file = await fileBuffer(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  });
}

/** A file of which parts are read, each into memory of its own size: hyparquet's own leaves twice that to be collected. */
async function fileBuffer(path: string): Promise<AsyncBuffer> {
  const { size } = await fs.stat(path);
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      const handle = await fs.open(path, 'r');
      try {
        for (let done = 0; done < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
          if (bytesRead === 0) throw new Error(`the file ends at byte ${start + done}, before ${end}`);
          done += bytesRead;
        }
      } finally {
        await handle.close();
      }
      return bytes.buffer;
    },
  };
}

async function guarded<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidFileError(`Expected a whole parquet file ${path}, got: ${reason}; verify the recording`, {
      cause: error,
    });
  }
}
