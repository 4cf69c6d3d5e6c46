// SPDX-License-Identifier: GPL-2.0

'use strict';

module.exports = {
  LKL_DEV_BLK_TYPE_READ: 0,
  LKL_DEV_BLK_TYPE_WRITE: 1,
  LKL_DEV_BLK_TYPE_FLUSH: 4,
  LKL_DEV_BLK_TYPE_FLUSH_OUT: 5,
};
