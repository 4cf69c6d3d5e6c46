// SPDX-License-Identifier: GPL-2.0
import native from './index.js';

export const {
  open, Disk, version, SESSION_READONLY, sessionError, kernelInit, kernelHalt, sessionOpen, sessionClose, sessionListJson,
  sessionMetaJson, sessionEnter, readKernelFile, readdirJson, lstatJson, statJson, realpath, readlink,
  fileOpen, pread, fileClose,
} = native;
export default native;
