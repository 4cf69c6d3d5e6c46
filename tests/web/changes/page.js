// SPDX-License-Identifier: GPL-2.0
import { open } from '@anyfs/core';

import { ChangeLog } from '../../../ts/app/src/changes/log.ts';
import { recorded } from '../../../ts/app/src/changes/recorder.ts';

/** Open the file "image" beside the page.  @return the disk, the same disk with a log, and the log */
window.start = async () => {
  const disk = await open(await (await fetch('image')).blob(), { overlay: true });
  const log = new ChangeLog();
  Object.assign(window, { disk, log, changed: recorded(disk, log) });
};
