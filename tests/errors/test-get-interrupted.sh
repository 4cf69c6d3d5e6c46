#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An interrupted anyfs get reports the interruption and the missing paths, and every
# file that it has created is complete.
. "${0%/*}/../lib.sh"
mkdir -p tree/d
for i in $(seq 100 499); do head -c 60000 /dev/urandom >"tree/d/$i"; done
image_ext4 tree disk.img 64M
stopped=0
for delay in 0.005 0.01 0.02 0.03 0.04 0.06 0.1 0.2; do
	for signal in INT:130 TERM:143 HUP:129; do
		rm -rf copy
		code=0
		timeout --preserve-status -s "${signal%:*}" $delay anyfs get --json "$img" /d copy \
			>result 2>err || code=$?
		[ $code -ne 0 ] || continue
		[ $code -eq "${signal#*:}" ] || fail "exit $code after $delay s: $(cat err)"
		[ -d copy ] || continue			# get had not begun
		for file in copy/*; do
			[ ! -e "$file" ] || same "$file" "tree/d/${file##*/}"
		done
		[ ! -s result ] || grep -q "\"exit\": $code}" result || fail "$(cat result)"
		[ ! -s err ] || grep -q "^anyfs: stopped by SIG${signal%:*}" err || fail "$(cat err)"
		stopped=$((stopped + 1))
	done
done
echo "stopped in the middle: $stopped"
