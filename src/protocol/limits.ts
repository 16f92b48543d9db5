/** What both ends of a message keep to; without the forms, so that a page that only needs a number carries no more. */

/** A market that is listed nowhere may be listed by then. */
export const lookAgainMs = 300_000;

/** Of a market's name as a page has it. */
export const mostNativeName = 60;
