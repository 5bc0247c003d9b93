import { TorcsPilotError } from '../core/errors.ts';

/** ffmpeg gave up for another reason than a disk that is full or cannot be written. */
export class FilmEncodingError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_FILM_ENCODING', message, options);
  }
}
