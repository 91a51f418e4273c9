/**
 * What modules say, by group. Each group, in the page's language, is a module that the build makes of messages.yml,
 * `words-<group>.js`; a module imports those from which it says something.
 */

/** @type {Words} */
export const words = {};
