/** An answer of OGC API's: a type of exception, and what is wrong in words without paths of the machine. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 421 | 429 | 500 | 503;
  readonly type: string;

  constructor(status: ApiError['status'], type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** The address of an exception that the standard names. */
export const ogcException = (name: string): string =>
  `http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/${name}`;

/** What stands in an input is wrong. */
export function invalidInput(message: string): ApiError {
  return new ApiError(400, 'InvalidParameterValue', message);
}

export const noSuchJob = (): ApiError => new ApiError(404, ogcException('no-such-job'), 'there is no such job');
export const noSuchProcess = (): ApiError =>
  new ApiError(404, ogcException('no-such-process'), 'there is no such process');
