import { z } from 'zod';
import { UsageError } from '../../core/index.ts';
import { defineCommand, flag, quote } from '../command.ts';

const modelFileSchema = z.string().regex(/.\.onnx$/i, 'a file that ends in .onnx');

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a saved policy as an ONNX file that others run: observations in, actions out.',
  positionals: 'POLICY',
  flags: { onnx: flag('FILE.onnx', 'where to write it', modelFileSchema) },
  examples: ['export runs/pendulum/policy-best --onnx pendulum.onnx'],
  async run({ onnx, seed }, { print, positionals }) {
    const [folder, more] = positionals;
    if (folder === undefined) throw new UsageError('Expected the folder of a policy, got nothing');
    if (more !== undefined) throw new UsageError(`Expected nothing after the policy, got ${quote(more)}`);
    const { exportPolicy } = await import('../export/export-policy.ts');
    const exported = await exportPolicy({ folder, file: onnx, seed });
    const values = (list: typeof exported.inputs) =>
      list.map(({ name, type, shape }) => `${name} ${type} [${shape.join(', ')}]`).join(', ');
    print(`${onnx}: ${exported.bytes} bytes, ${exported.operators.join(', ')}`);
    print(`in: ${values(exported.inputs)}`);
    print(`out: ${values(exported.outputs)}`);
    print(`${exported.observations} actions differ by at most ${exported.largestDifference.toExponential(1)}`);
    return exported;
  },
});
