import { z } from 'zod';

const width = z.int().min(1).max(8192);
/** Sizes of dense layers, in order. */
export const layerSizesSchema = z.array(width).max(8);

const convolutionLayerSchema = z.strictObject({
  /** Filters, 1 to 512. */
  filters: z.int().min(1).max(512),
  /** Height and width of a filter, 1 to 32 pixels. */
  size: z.int().min(1).max(32),
  /** 1 to 16 pixels. Default 1. */
  stride: z.int().min(1).max(16).default(1),
  /** `same` pads with zeros, so that only the stride shrinks the picture. Default `valid`. */
  padding: z.enum(['valid', 'same']).default('valid'),
});

const mlpSchema = z.strictObject({
  /** Reads the state. */
  kind: z.literal('mlp'),
  /** Layers in front of actor and critic, up to 8 of 1 to 8192. Default none: the state itself are the features. */
  hidden: layerSizesSchema.default([]),
});

const convSchema = z.strictObject({
  /** Reads the pixels. */
  kind: z.literal('conv'),
  /** `paper`, `fast` (see `CONVOLUTION_PRESETS`), or 1 to 8 layers. Default `fast`. */
  filters: z.union([z.enum(['paper', 'fast']), z.array(convolutionLayerSchema).min(1).max(8)]).default('fast'),
  /**
   * Each picture less its mean, over its standard deviation, a stack and its colours together: dark or bright, in the mist or
   * in the sun, it looks the same to the network. Default false: bytes become -0.5 to 0.5.
   */
  normalizePictures: z.boolean().default(false),
  /** Dense layers behind the convolutions, with the network's activation. Default none. */
  dense: layerSizesSchema.default([]),
  /**
   * Size of a last dense layer with layer norm and tanh, as in DrQ-v2 (Yarats et al. 2021), which keeps features small
   * and bounded; null: none. Default null.
   */
  trunk: width.nullable().default(null),
  /**
   * Read the state as well, or the entries of it that are named: they are appended to the features. An actor may know its own
   * speed beside what it sees, while a critic, which training alone needs, knows everything. Default false.
   */
  state: z.union([z.boolean(), z.array(z.string().min(1).max(64)).min(1).max(1024)]).default(false),
});

const recurrentSchema = z.strictObject({
  /** Remembers what it saw: learns from sequences. */
  kind: z.literal('recurrent'),
  /** Default `gru`. */
  cell: z.enum(['gru', 'lstm']).default('gru'),
  /** Entries of the hidden state, 1 to 2048. Default 64. */
  hiddenSize: z.int().min(1).max(2048).default(64),
  /** What makes features of each observation. Default: `{ kind: 'mlp' }`. */
  over: z.discriminatedUnion('kind', [mlpSchema, convSchema]).default({ kind: 'mlp', hidden: [] }),
  /** Read the action before as well (Ni et al. 2022). Default true. */
  previousAction: z.boolean().default(true),
});

/** Settings of an encoder; unknown ones are refused. */
export const encoderSchema = z.discriminatedUnion('kind', [mlpSchema, convSchema, recurrentSchema]);

/** What a caller may pass. */
export type EncoderOptions = z.input<typeof encoderSchema>;
/** With every default filled in. */
export type EncoderSettings = z.output<typeof encoderSchema>;
export type MlpSettings = z.output<typeof mlpSchema>;
export type ConvSettings = z.output<typeof convSchema>;
export type RecurrentSettings = z.output<typeof recurrentSchema>;

/** Whether an encoder sees pictures. */
export function readsPixels(encoder: EncoderSettings): boolean {
  return encoder.kind === 'recurrent' ? encoder.over.kind === 'conv' : encoder.kind === 'conv';
}
