/** Limits that people meet. */

/** Largest requirements document, in bytes. */
export const maxRequirementsBytes = 5 * 1024 * 1024
