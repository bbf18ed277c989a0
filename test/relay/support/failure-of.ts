import { OpenApiError } from '../../../src/openapi';

/** @returns the OpenApiError that a call ends with; anything else fails the test */
export async function failureOf(promise: Promise<unknown>): Promise<OpenApiError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OpenApiError);
  return error as OpenApiError;
}
