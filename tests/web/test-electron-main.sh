#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The main program of ts/electron and its preload script, with a fake module electron: the page is
# confined and names no paths of its own, images come from arguments, the system, dialogs and
# drops, and windows with changes ask before they close.  The metadata of file types agree.
. "${BASH_SOURCE[0]%/*}/lib-electron.sh"

head -c 1000000 /dev/zero >first.img
head -c 2000000 /dev/zero >second.img
web electron-main.mjs first.img second.img
web electron-second.mjs

source=$ANYFS_TOP/ts/electron
run "$wasm_node" -e '
	const { build } = require(process.argv[1]);
	console.log([...new Set(build.fileAssociations.map(({ mimeType }) => mimeType))].sort().join("\n"));
' "$source/package.json" >associated
sed -n 's/^MimeType=//p' "$source/linux/anyfs.desktop" | tr ';' '\n' | grep . | sort >desktop
run diff associated desktop
run python3 - "$source/linux/anyfs-mime.xml" associated <<'PY'
import sys
import xml.etree.ElementTree as ET
types = {t.get("type") for t in ET.parse(sys.argv[1]).getroot()}
unknown = types - set(open(sys.argv[2]).read().split())
assert types and not unknown, f"in no association: {unknown}"
PY
