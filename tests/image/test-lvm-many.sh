#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A volume group of 10,000 volumes is listed, by name and by number, and its volumes are opened.
. "${0%/*}/../lib.sh"
run python3 "${0%/*}/make-lvm-many.py" 10000 many.img
seq -f 'lv%05g' 0 9999 >names

run anyfs ls many.img / >listed
same names listed
run anyfs parts many.img >listed
[ "$(grep -c '^/lv[0-9]* *striped *4.0K ' listed)" -eq 10000 ] || fail "$(head listed)"
refuse "/lv09999: no file system recognised" anyfs ls many.img /lv09999
refuse "/lv09999: no file system recognised" anyfs ls many.img /p10000
refuse "there is no" anyfs ls many.img /p10001
run program image/session tree many.img p0/p10000 >listed
grep -q '^p0/p10000: many.img: /lv09999: no file system' listed || fail "$(head listed)"
[ "$(grep -c '^  p[0-9]* UNKNOWN .* size=4096 ' listed)" -eq 10000 ] || fail "$(head listed)"
