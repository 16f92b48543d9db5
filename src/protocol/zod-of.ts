import * as z from 'zod/mini';
import type { Form } from './form';

/** A form as a part of what zod describes. */
export const zodOf = <T>(form: Form<T>): z.ZodMiniType<T, unknown> =>
  z.unknown().check((input) => {
    const [path, expected] = form(input.value)?.split(': ', 2) ?? [];
    if (path === undefined) return;
    input.issues.push({
      code: 'custom',
      message: expected!,
      input: input.value,
      path: path.split('.').slice(1),
    });
  }) as unknown as z.ZodMiniType<T, unknown>;
