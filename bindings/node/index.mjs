// SPDX-License-Identifier: GPL-2.0
import native from './index.js';

export const { open, Disk, version } = native;
export default native;
