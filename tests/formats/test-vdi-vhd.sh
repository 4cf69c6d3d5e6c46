#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# VDI and VHD images, dynamic and fixed, hold the same files as the raw disk.
. "${0%/*}/lib-formats.sh"
make_disk
try_variant dynamic.vdi vdi ""
try_variant fixed.vdi vdi static=on
try_variant dynamic.vhd vpc ""
try_variant fixed.vhd vpc subformat=fixed
try_variant exact.vhd vpc force_size=on
