import type { Assembler } from './assembler.ts';
import { emitProduct, type ProductSpecification } from './product.ts';
import { emitRowSums, type RowSumsSpecification } from './row-sums.ts';
import { emitTransposition, type TranspositionSpecification } from './transposition.ts';

/** The domain of operators whose code is written here. */
export const MACHINE_DOMAIN = 'torcs-pilot';

/** An operator on float32 of fixed shapes. */
export type MachineOperator =
  | (ProductSpecification & {
      readonly kind: 'product';
      /** A result of one row is handed out as a matrix of one column: it lies the same way. */
      readonly upright: boolean;
    })
  | ({ readonly kind: 'transposition' } & TranspositionSpecification)
  | (RowSumsSpecification & {
      readonly kind: 'row sums';
      /** Of the one number or the vector that comes out. */
      readonly shape: readonly number[];
    });

/** A name that no other operator has. */
export function operatorName(operator: MachineOperator): string {
  const { rows, columns } = operator;
  if (operator.kind === 'transposition') return `Transpose_${rows}x${columns}`;
  if (operator.kind === 'row sums') {
    return `${operator.mean ? 'RowMeans' : 'RowSums'}_${rows}x${columns}_${operator.shape.join('x')}`;
  }
  const { depth, transposed, bias, sum, rectified, gated, upright } = operator;
  const flags = Object.entries({ transposed, bias, sum, rectified, gated, upright }).filter(([, set]) => set);
  return ['Product', `${rows}x${depth}x${columns}`, ...flags.map(([name]) => name)].join('_');
}

/** Of what comes out. */
export function resultShape(operator: MachineOperator): readonly number[] {
  const { rows, columns } = operator;
  if (operator.kind === 'row sums') return operator.shape;
  return operator.kind === 'transposition' || operator.upright ? [columns, rows] : [rows, columns];
}

/**
 * The parameters of an operator's code: where each of its inputs goes, by number of the parameter. Parameter 0 is the
 * result.
 */
export function inputParameters(operator: MachineOperator): readonly number[] {
  if (operator.kind !== 'product') return [1];
  return [1, 2, ...(operator.bias ? [3] : []), ...(operator.sum || operator.gated ? [4] : [])];
}

export function emitOperator(assembler: Assembler, operator: MachineOperator): void {
  switch (operator.kind) {
    case 'product':
      emitProduct(assembler, operator);
      break;
    case 'transposition':
      emitTransposition(assembler, operator);
      break;
    case 'row sums':
      emitRowSums(assembler, operator);
      break;
  }
}
