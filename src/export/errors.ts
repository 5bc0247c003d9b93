import { TorcsPilotError } from '../core/errors.ts';

/** A policy's network cannot be written as an ONNX model that others can run, or the model does not act as it does. */
export class ExportError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_EXPORT', message, options);
  }
}
