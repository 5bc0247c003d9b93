import path from 'node:path';
import type { FileMark } from '../core/files.ts';
import * as format from './format.ts';
import { type Column, type ColumnType, type LeafType, ParquetFile } from './parquet.ts';

const LEAVES: Readonly<Record<string, LeafType>> = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  bool: 'BOOLEAN',
};

function columnType(feature: format.Feature): ColumnType {
  if (feature.dtype === 'image') return { kind: 'picture' };
  const type = LEAVES[feature.dtype] ?? 'FLOAT';
  return isPlainValue(feature) ? { kind: 'leaf', type } : { kind: 'list', type, depth: 1 };
}

/** LeRobot stores every feature of shape (1,) as a plain value, named or not (get_hf_features_from_features). */
export function isPlainValue(feature: format.Feature): boolean {
  return feature.shape.length === 1 && feature.shape[0] === 1;
}

/** Columns of the data files: every feature but videos. */
export function dataColumns(features: format.Features): Column[] {
  return Object.entries(features)
    .filter(([, feature]) => feature.dtype !== 'video')
    .map(([name, feature]) => ({ name, type: columnType(feature) }));
}

/** The key-value metadata from which Hugging Face's `datasets` takes the types of the columns. */
export function huggingFaceMetadata(features: format.Features): Record<string, string> {
  const types = Object.entries(features)
    .filter(([, feature]) => feature.dtype !== 'video')
    .map(([name, feature]) => {
      if (feature.dtype === 'image') return [name, { _type: 'Image' }];
      const value = { dtype: feature.dtype, _type: 'Value' };
      return [name, isPlainValue(feature) ? value : { feature: value, length: feature.shape[0], _type: 'Sequence' }];
    });
  return { huggingface: JSON.stringify({ info: { features: Object.fromEntries(types) } }) };
}

/** Writes `meta/tasks.parquet` as pandas would: the task is the index of the table, its number the only column. */
export function writeTasks(dir: string, tasks: readonly string[]): FileMark {
  const column = (name: string, pandasType: string, numpyType: string): unknown => ({
    name,
    field_name: name,
    pandas_type: pandasType,
    numpy_type: numpyType,
    metadata: null,
  });
  const pandas = {
    index_columns: ['task'],
    column_indexes: [
      { name: null, field_name: null, pandas_type: 'unicode', numpy_type: 'object', metadata: { encoding: 'UTF-8' } },
    ],
    columns: [column('task_index', 'int64', 'int64'), column('task', 'unicode', 'object')],
    creator: { library: 'torcs-pilot', version: '1' },
    pandas_version: '2.0.0',
  };
  const table = new ParquetFile(
    path.join(dir, format.TASKS_PATH),
    [
      { name: 'task_index', type: { kind: 'leaf', type: 'INT64' } },
      { name: 'task', type: { kind: 'leaf', type: 'STRING' } },
    ],
    { pandas: JSON.stringify(pandas) },
  );
  try {
    for (const [i, task] of tasks.entries()) table.add([BigInt(i), task]);
    return table.commit();
  } finally {
    table.discard();
  }
}
