import type { Assembler } from './assembler.ts';
import { type ElementwiseSpecification, emitElementwise } from './elementwise.ts';
import { emitProduct, type ProductSpecification } from './product.ts';
import { emitRowSums, type RowSumsSpecification } from './row-sums.ts';
import { emitTransposition, type TranspositionSpecification } from './transposition.ts';

/** An operator on float32 whose code is written for its shapes. */
export type MachineOperator =
  | ({ readonly kind: 'product' } & ProductSpecification)
  | ({ readonly kind: 'transposition' } & TranspositionSpecification)
  | ({ readonly kind: 'row sums' } & RowSumsSpecification)
  | ({ readonly kind: 'elementwise' } & ElementwiseSpecification);

/** A name that no other operator has. */
export function operatorName(operator: MachineOperator): string {
  switch (operator.kind) {
    case 'product': {
      const { rows, columns, depth, secondDepth, transposed, bias, sum, rectified, gated } = operator;
      const depths = secondDepth > 0 ? `${depth}+${secondDepth}` : depth;
      const flags = Object.entries({ transposed, bias, sum, rectified, gated }).filter(([, set]) => set);
      return ['Product', `${rows}x${depths}x${columns}`, ...flags.map(([name]) => name)].join('_');
    }
    case 'transposition':
      return `Transpose_${operator.rows}x${operator.columns}`;
    case 'row sums':
      return `Row${operator.mean ? 'Means' : 'Sums'}_${operator.rows}x${operator.columns}`;
    case 'elementwise':
      return `Elementwise_${operator.operation}_${operator.length}_${operator.single}`;
  }
}

/** Numbers that come out. */
export function resultLength(operator: MachineOperator): number {
  switch (operator.kind) {
    case 'product':
    case 'transposition':
      return operator.rows * operator.columns;
    case 'row sums':
      return operator.rows;
    case 'elementwise':
      return operator.length;
  }
}

/**
 * The parameters of an operator's code: where each of its inputs goes, by number of the parameter. Parameter 0 is the
 * result.
 */
export function inputParameters(operator: MachineOperator): readonly number[] {
  switch (operator.kind) {
    case 'product':
      return [
        ...[1, 2],
        ...(operator.secondDepth > 0 ? [5, 6] : []),
        ...(operator.bias ? [3] : []),
        ...(operator.sum || operator.gated ? [4] : []),
      ];
    case 'transposition':
    case 'row sums':
      return [1];
    case 'elementwise':
      return [1, 2];
  }
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
    case 'elementwise':
      emitElementwise(assembler, operator);
      break;
  }
}
