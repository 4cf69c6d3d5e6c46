// SPDX-License-Identifier: GPL-2.0
/*
 * path.mjs - node:path for scripts that run in a page
 */
export const basename = (path) => path.replace(/.*\//, '');
