import * as z from 'zod/mini';
import type { Form } from './form';

/** A form as a part of what zod describes. */
export const zodOf = <T>(form: Form<T>): z.ZodMiniType<T, unknown> =>
  z.unknown().check((input) => {
    const wrong = form(input.value);
    if (wrong)
      input.issues.push({ code: 'custom', message: wrong.replace(/^: /, ''), input: input.value, path: [] });
  }) as unknown as z.ZodMiniType<T, unknown>;
